import type { Figure } from '../figures.ts';
import { number } from '../table.ts';
import { figuresOf, type RunDocument } from './document.ts';

const SIZES = ['0', '1k', '100k', '1M'];
const TITLES: Readonly<Record<string, string>> = {
  live: 'Packets per second over a cable',
  load: 'Loading lists',
  reload: 'Changing the configuration under a flood',
  start: 'Start',
  cli: 'Commands',
  api: 'API',
  idle: 'What the daemon costs',
};

/** docs/explanation/performance.md of a run. */
export function page(run: RunDocument): string {
  const { machine, at, quick } = run;
  const asked = run.figures.filter(({ target }) => target !== null);
  const missed = asked.filter(({ met }) => met === false);
  return `# How fast it is

<!-- Made by \`npm run bench -- --report FILE\` from the JSON of a run. -->

${quick ? '**This page was made from a quick run: its figures mean little.**\n\n' : ''}Ratios come first, because they hold on other machines too; the times beside them are those of one machine:
${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, Linux ${machine.kernel}, Node.js ${machine.node}, ${at.slice(0, 10)}.
\`sudo npm run bench\` measures all of it again.

## In one table

${asked.length - missed.length} of ${asked.length} numbers that we set ourselves are reached.

| | ratio | measured | beside | to reach | |
|---|---|---|---|---|---|
${asked.map(row).join('\n')}

${missed.length === 0 ? '' : `What falls short, and why:\n\n${missed.map(reason).join('\n')}\n`}
## How it is measured

- Every figure stands beside its baseline from the same run. Rounds alternate; medians are shown.
- **Packets** run through the very program that is attached, by BPF_PROG_TEST_RUN. A mixing program gives each packet another
  source out of a million all over the address space and tail-calls the program, or the baseline, which only parses. What is
  shown is the time beyond the baseline.
- **Live** traffic is made in the kernel (live-frame TEST_RUN) and goes over a veth cable to another network namespace; one core sends
  and receives. The same million sources are listed in each filter. A round in which the cable lost a frame does not count.
- **Nothing is taken on trust**: in every round the counters must add up, each packet judged as it should be; after an import
  listed sources are dropped and others pass; rules are there after a new start.
- Lists: random addresses of the whole unicast space, and the published networks of all countries (172,627 for IPv4).

## ns per packet

Beyond a program that only parses, by the number of hosts in the deny list, with as many networks (at most 172,627). *off*: all checks
switched off; *on*: all sanity checks but the reverse path, connection tracking with 100,000 flows, limits and events.

${packetTable(run, 4)}

${packetTable(run, 6)}

![ns per packet against entries](../images/scale-packet.svg)

![load time against entries](../images/scale-load.svg)

${Object.keys(TITLES)
  .map((name) => section(run, name))
  .join('\n')}`;
}

function row(figure: Figure): string {
  const { name, unit, value, baseline, beside, target, met, ratio } = figure;
  const base = baseline === null ? '' : `${number(baseline)} ${unit} (${beside})`;
  const cells = [`\`${name}\``, ratio === null ? '' : ratio.toFixed(2), `${number(value)} ${unit}`, base];
  return `| ${[...cells, target ?? '', met === null ? '' : met ? 'reached' : '**missed**'].join(' | ')} |`;
}

const reason = ({ name, note }: Figure): string => `- \`${name}\`: ${note ?? 'see the table'}.`;

function packetTable(run: RunDocument, family: 4 | 6): string {
  const figures = figuresOf(run, `packet.ipv${family}`);
  const kinds = [...new Set([...figures.keys()].map((key) => key.split('.')[0]!))];
  const cell = (kind: string, profile: string, size: string) => {
    const found = figures.get(`${kind}.${profile}.${size}`);
    return found?.baseline == null ? '' : `+${Math.max(0, Math.round(found.value - found.baseline))}`;
  };
  const lines = kinds.map((kind) => {
    const cells = ['off', 'on'].flatMap((profile) => SIZES.map((size) => cell(kind, profile, size)));
    return `| ${[kind, ...cells].join(' | ')} |`;
  });
  const head = ['off', 'on'].flatMap((profile) => SIZES.map((size) => `${profile}, ${size}`));
  return `| IPv${family} | ${head.join(' | ')} |\n|---|${head.map(() => '---').join('|')}|\n${lines.join('\n')}`;
}

function section(run: RunDocument, name: string): string {
  const figures = [...figuresOf(run, name).values()];
  if (figures.length === 0) return '';
  const notes = figures.flatMap(({ name: own, note, met }) =>
    note === null || met === false ? [] : [`- \`${own}\`: ${note}`],
  );
  return `## ${TITLES[name]}

| | ratio | measured | beside | to reach | |
|---|---|---|---|---|---|
${figures.map(row).join('\n')}
${notes.length > 0 ? `\n${notes.join('\n')}\n` : ''}`;
}
