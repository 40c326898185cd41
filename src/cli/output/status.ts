import type { Attachment, MapFill, SystemStatus } from '../../model/status.ts';
import type { Context } from '../context.ts';
import { formatAge, formatBytes, formatCount } from './format.ts';
import type { Output } from './output.ts';
import { formatCounter } from './stats.ts';
import { Table } from './table.ts';
import { oneLine, wrap } from './text.ts';

/** One screen about the firewall. */
export async function printStatus(context: Context, status: SystemStatus): Promise<void> {
  const { out } = context;
  const { allow, deny, dynamic } = status.rules;
  const { passed, dropped } = status.packets;
  const loaded = status.loaded ? out.style.green('loaded') : out.style.red('not loaded');
  const rows = [
    ['netxfw', `${status.version}, ${loaded}, ${daemonText(status, context.now())}`],
    ['rules', `${formatCount(allow)} allow, ${formatCount(deny)} deny, ${formatCount(dynamic)} dynamic`],
    ['passed', formatCounter(passed)],
    ['dropped', formatCounter(dropped)],
    ['config', status.configFile],
    ['pins', status.pinPath],
  ];
  for (const [name, text] of rows) if (text !== '') await out.line(`${name!.padEnd(8)}  ${text}`);
  if (status.attachments.length > 0) {
    await out.line();
    await printAttachments(out, status);
  }
  if (status.maps.length > 0) {
    await out.line();
    await new Table<MapFill>(out, MAP_COLUMNS).print(status.maps);
  }
  if (status.warnings.length > 0) await out.line();
  for (const warning of status.warnings) await out.line(out.style.yellow(`warning: ${oneLine(warning)}`));
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
