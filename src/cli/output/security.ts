import { SWITCHES, type SwitchState } from '../security.ts';
import { formatCount } from './format.ts';
import type { Output } from './output.ts';
import { type Column, Table } from './table.ts';

export async function printSwitches(out: Output, switches: readonly SwitchState[]): Promise<void> {
  await new Table(out, COLUMNS).print(switches);
}

/** `syn-limit is on: 50 packets a second, 200 at once` */
export function describeSwitch(state: SwitchState): string {
  const figures = budgetOf(state);
  return `${state.name} is ${state.value}${figures === '' ? '' : `: ${figures}`}`;
}

function budgetOf({ rate, burst }: SwitchState): string {
  if (rate === undefined || burst === undefined) return '';
  return `${formatCount(rate)} packets a second, ${formatCount(burst)} at once`;
}

const COLUMNS: readonly Column<SwitchState>[] = [
  { title: 'switch', value: ({ name }) => name },
  {
    title: 'value',
    value: ({ value }) => value,
    style: ({ value }) => (value === 'off' ? undefined : 'green'),
  },
  { title: 'budget', value: budgetOf, optional: true },
  {
    title: 'what it does',
    value: ({ name }) => SWITCHES.find((spec) => spec.name === name)!.about,
    shrink: true,
    optional: true,
  },
];
