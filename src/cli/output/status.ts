import type { ExtensionStatus } from '../../model/extensions.ts';
import { reasonLabel } from '../../model/reasons.ts';
import type { Attachment, MapFill, ReasonStats, SystemStatus } from '../../model/status.ts';
import type { Context } from '../context.ts';
import type { Overview } from '../documents-observe.ts';
import { usedMaps } from '../overview.ts';
import { formatAge, formatBytes, formatCount, formatTime } from './format.ts';
import type { Output } from './output.ts';
import { formatRate } from './perf.ts';
import { formatCounter } from './stats.ts';
import type { Styles } from './style.ts';
import { type Column, Table } from './table.ts';
import { oneLine, wrap } from './text.ts';
import { printEntries } from './top.ts';

/** One screen about the firewall. */
export async function printStatus(context: Context, overview: Overview): Promise<void> {
  const { out } = context;
  const { status, drops, topSources } = overview;
  for (const [name, text] of summary(context, overview)) if (text !== '') await out.line(`${name.padEnd(8)}  ${text}`);
  if (status.attachments.length > 0) {
    await out.line();
    await printAttachments(out, status);
  }
  if (drops !== null && drops.length > 0) {
    await out.line();
    await new Table<ReasonStats>(out, DROP_COLUMNS).print(drops);
  }
  if (topSources !== null && topSources.length > 0) {
    await out.line();
    await printEntries(out, 'dropped now', topSources);
  }
  const maps = usedMaps(status);
  if (maps.length > 0) {
    await out.line();
    await new Table<MapFill>(out, MAP_COLUMNS).print(maps);
  }
  if (status.warnings.length > 0) await out.line();
  for (const warning of status.warnings) await out.line(out.style.yellow(`warning: ${oneLine(warning)}`));
}

function summary(
  context: Context,
  { status, policy, rates, pending, extensions }: Overview,
): [name: string, text: string][] {
  const { style } = context.out;
  const { allow, deny, dynamic } = status.rules;
  const { passed, dropped } = status.packets;
  const now = (rate: Rates['passed'] | undefined) => (rate === undefined ? '' : `; now ${formatRate(rate)}`);
  const loaded = status.loaded ? style.green('loaded') : style.red('not loaded');
  const waits = pending && `${oneLine(pending.what)}: undone at ${formatTime(pending.deadline)} UTC unless confirmed`;
  return [
    ['netxfw', `${status.version}, ${loaded}, ${daemonText(status, context.now())}`],
    ['pending', waits === null ? '' : style.yellow(waits)],
    ['policy', policy === null ? '' : policyText(policy, style)],
    ['rules', `${formatCount(allow)} allow, ${formatCount(deny)} deny, ${formatCount(dynamic)} dynamic`],
    ['passed', formatCounter(passed) + now(rates?.passed)],
    ['dropped', formatCounter(dropped) + now(rates?.dropped)],
    ...extensions.map((one): [string, string] => ['plugin', extensionText(one, style)]),
    ['config', status.configFile],
    ['pins', status.pinPath],
  ];
}

function extensionText({ name, state, ok, message }: ExtensionStatus, { red }: Styles): string {
  const text = oneLine(message === '' ? `${name} ${state}` : `${name} ${state}: ${message}`);
  return ok || state === 'starting' ? text : red(text);
}

type Rates = NonNullable<Overview['rates']>;

function policyText({ defaultDeny, mode }: NonNullable<Overview['policy']>, { yellow }: Styles): string {
  const text = defaultDeny
    ? 'default deny: what nothing allows is dropped'
    : 'default allow: what nothing denies passes';
  return mode === 'monitor' ? `${text}; ${yellow('monitor: nothing is dropped')}` : text;
}

function daemonText({ daemon, startedAt }: SystemStatus, now: number): string {
  if (!daemon) return 'no daemon';
  return startedAt === null ? 'daemon' : `daemon up ${formatAge(startedAt, now)}`;
}

interface Attached {
  readonly attachments: readonly Attachment[];
  /** Printed elsewhere; a note that one of them repeats is left to it. */
  readonly warnings: readonly string[];
}

/** Where the filter sits, in which mode, and why not in a better one. */
export async function printAttachments(out: Output, { attachments, warnings }: Attached): Promise<void> {
  await new Table<Attachment>(out, [
    { title: 'interface', value: (at) => at.interface },
    { title: 'mode', value: ({ mode }) => mode, style: ({ mode }) => (mode === 'generic' ? 'yellow' : 'green') },
  ]).print(attachments);
  for (const { interface: name, note } of attachments) {
    if (note === null || warnings.some((warning) => warning.includes(note))) continue;
    await out.line(`  ${wrap(`${name}: ${oneLine(note)}`, (out.width ?? 100) - 2, '    ')}`);
  }
}

const DROP_COLUMNS: readonly Column<ReasonStats>[] = [
  { title: 'dropped', value: ({ reason }) => reasonLabel(reason) },
  { title: 'packets', value: ({ packets }) => formatCount(packets), right: true },
  { title: 'bytes', value: ({ bytes }) => formatBytes(bytes), right: true },
  { title: 'because', value: ({ description }) => description, shrink: true, optional: true },
];

const MAP_COLUMNS = [
  { title: 'map', value: ({ name }: MapFill) => name },
  { title: 'entries', value: ({ entries }: MapFill) => formatCount(entries), right: true },
  { title: 'capacity', value: ({ capacity }: MapFill) => formatCount(capacity), right: true },
  {
    title: 'fill',
    value: ({ entries, capacity }: MapFill) => `${capacity === 0 ? 0 : Math.floor((entries / capacity) * 100)} %`,
    right: true,
  },
  { title: 'memory', value: ({ bytes }: MapFill) => formatBytes(bytes), right: true, optional: true },
];
