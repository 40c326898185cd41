export const DIAGNOSIS_STATES = ['ok', 'note', 'problem'] as const;

/** `problem`: the filter cannot run, or not as configured. `note`: worth knowing, nothing is broken. */
export type DiagnosisState = (typeof DIAGNOSIS_STATES)[number];

/** What was found about one thing that the filter needs of its host. */
export interface Diagnosis {
  readonly name: string;
  readonly state: DiagnosisState;
  readonly message: string;
  /** What to do, a command where there is one; null when there is nothing to do. */
  readonly remedy: string | null;
}
