import type { Flow } from '../../../model/conns.ts';
import { command } from '../../command.ts';
import type { FlowsDocument } from '../../documents-observe.ts';
import { FLOW_OPTIONS, flowFilter } from '../../flows.ts';
import { DEFAULT_LIMIT, PAGE_OPTIONS, windowOf } from '../../listing.ts';
import { FLOW_COLUMNS } from '../../output/flows.ts';
import { formatCount } from '../../output/format.ts';
import { Table } from '../../output/table.ts';

/** Flows of one request. */
const PAGE = 5000;

export default command({
  summary: 'Show the tracked connections of this host',
  description: `Outgoing connections, whose answers pass. On a terminal the first ${DEFAULT_LIMIT} are shown, into a file
    or pipe all of them.`,
  options: { ...FLOW_OPTIONS, ...PAGE_OPTIONS },
  examples: [
    { run: 'netxfw conntrack list --protocol tcp --state established', note: 'open connections' },
    { run: 'netxfw conntrack list --destination 192.0.2.0/24 --port 443', note: 'to one network and port' },
  ],
  async run(context, input) {
    const { out } = context;
    const filter = flowFilter(input);
    const { offset, count } = windowOf(context, input);
    const sdk = await context.sdk();
    const flows: Flow[] = [];
    let total = 0;
    do {
      const limit = Math.min(PAGE, count - flows.length);
      const page = await sdk.conns.list({ ...filter, offset: offset + flows.length, limit });
      flows.push(...page.flows);
      total = page.total;
      if (page.flows.length === 0) break;
    } while (flows.length < count && offset + flows.length < total);
    if (context.json) return out.json<FlowsDocument>({ total, offset, flows });
    if (flows.length > 0) await new Table(out, FLOW_COLUMNS).print(flows);
    if (total === 0) out.notice('there are no such connections');
    else if (flows.length < total) {
      out.notice(`${formatCount(flows.length)} of ${formatCount(total)} connections; all with --limit 0`);
    }
  },
});
