import type { Diagnosis } from '../../model/diagnosis.ts';

/** Looking takes programs of the host some tenths of a second: a report holds for this time, milliseconds. */
const AGE = 5000;

/** The same report for everybody who asks within a few seconds. */
export function shared(
  look: () => Promise<readonly Diagnosis[]>,
  now: () => number = () => performance.now(),
): () => Promise<readonly Diagnosis[]> {
  let held: { readonly report: Promise<readonly Diagnosis[]>; readonly at: number } | undefined;
  return () => {
    if (held !== undefined && now() - held.at < AGE) return held.report;
    const report = look();
    held = { report, at: now() };
    report.catch(() => {
      held = undefined;
    });
    return report;
  };
}
