import { command } from '../../command.ts';
import { requireDaemon } from '../../daemon.ts';
import type { EventDocument } from '../../documents-observe.ts';
import { checkPrefix, portNumber, wholeNumber } from '../../input.ts';
import { plural } from '../../output/format.ts';
import { parseReason } from '../../reason-name.ts';
import { captureSink, lineSink } from '../../tail.ts';

export default command({
  summary: 'Show what becomes of packets, live',
  description: `One line a packet until Ctrl-C. Drops are reported up to events.drops_per_second for each reason,
    packets that pass only with events.sample_passes; \`netxfw stats\` counts them all.

    --pcap writes dropped packets as pcapng, each with its reason as a comment, for tcpdump and Wireshark.`,
  options: {
    verdict: { value: 'VERDICT', choices: ['drop', 'pass'], help: 'only these' },
    reason: { value: 'REASON', help: 'only with this reason, as `netxfw stats` shows it' },
    source: { value: 'ADDRESS', help: 'only from this address or network' },
    port: { value: 'PORT', help: 'only to this port' },
    pcap: { value: 'FILE', help: 'write them to this file; - is standard output', complete: 'file' },
    count: { short: 'n', value: 'NUMBER', help: 'end after so many' },
  },
  examples: [
    { run: 'netxfw events tail --source 192.0.2.0/24', note: 'what does this network send?' },
    { run: 'netxfw events tail --reason rate_limit --port 443', note: 'who is over his rate at the web server?' },
    { run: 'netxfw events tail --pcap drops.pcapng --count 100', note: 'a hundred dropped packets, to be looked at' },
  ],
  async run(context, { verdict, reason, source, port, pcap, count }) {
    const { out } = context;
    const most = wholeNumber('--count', count, 1) ?? Number.POSITIVE_INFINITY;
    const wanted = verdict ?? (pcap === undefined ? undefined : 'drop');
    const filter = {
      ...(wanted === undefined ? {} : { verdict: wanted }),
      ...(reason === undefined ? {} : { reason: parseReason(reason, wanted) }),
      ...(source === undefined ? {} : { source: checkPrefix(source) }),
      ...(port === undefined ? {} : { port: portNumber(port) }),
      ...(pcap === undefined ? {} : { capture: true }),
    };
    const sdk = await requireDaemon(context, 'live verdicts come');
    const sink = pcap === undefined ? lineSink(context) : await captureSink(context, pcap);
    let seen = 0;
    try {
      for await (const event of sdk.events.verdicts(filter, context.environment.interrupted())) {
        if ('lost' in event) {
          if (context.json && pcap === undefined) await out.jsonLine<EventDocument>(event);
          else out.notice(`${plural(event.lost, 'packet')} could not be reported: too many at once`);
        } else if (await sink.take(event)) seen++;
        if (out.closed || seen >= most) break;
      }
    } finally {
      await sink.end();
    }
  },
});
