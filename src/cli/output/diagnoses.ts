import type { Diagnosis, DiagnosisState } from '../../model/diagnosis.ts';
import { plural } from './format.ts';
import type { Output } from './output.ts';
import { displayWidth, oneLine, pad, wrap } from './text.ts';

const STYLES = { ok: 'green', note: 'yellow', problem: 'red' } as const satisfies Record<DiagnosisState, string>;
const MAX_WIDTH = 110;

/** One finding a line, its remedy below it. */
export async function printDiagnoses(out: Output, diagnoses: readonly Diagnosis[]): Promise<void> {
  const longest = Math.max(0, ...diagnoses.map(({ name }) => displayWidth(name)));
  const indent = ' '.repeat(longest + 11);
  const width = Math.min(out.width ?? MAX_WIDTH, MAX_WIDTH) - indent.length;
  for (const { name, state, message, remedy } of diagnoses) {
    const head = `${out.style[STYLES[state]](state.padEnd(7))}  ${pad(name, longest)}  `;
    await out.line(head + wrap(oneLine(message), Math.max(30, width), indent));
    if (remedy !== null) await out.line(`${indent}${out.style.bold('do:')} ${oneLine(remedy)}`);
  }
  const problems = diagnoses.filter(({ state }) => state === 'problem').length;
  await out.line();
  await out.line(
    problems === 0 ? out.style.green('nothing is in the way') : out.style.red(plural(problems, 'problem')),
  );
}
