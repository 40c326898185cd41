import type { PluginSlot } from '../../model/operations.ts';
import type { Column } from './table.ts';

export const PLUGIN_COLUMNS: readonly Column<PluginSlot>[] = [
  { title: 'slot', value: ({ slot }) => String(slot), right: true },
  { title: 'program', value: ({ name }) => name },
  { title: 'id', value: ({ programId }) => String(programId), right: true },
  { title: 'tag', value: ({ tag }) => tag },
  { title: 'file', value: ({ file }) => file ?? '', shrink: true },
];
