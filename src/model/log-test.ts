/** A line on which a rule has something to say. */
export interface TestFinding {
  /** From 1. */
  readonly line: number;
  readonly rule: string;
  /** What is counted; null when there is no address where the rule looks for one. */
  readonly offender: string | null;
  readonly count: number;
  readonly threshold: number;
  /** What would be done, `dynblack:1h`; null while the threshold is not reached. */
  readonly action: string | null;
  /** Why it would not be done after all. */
  readonly spared: string | null;
}

export interface TestReport {
  readonly rules: readonly string[];
  readonly lines: number;
  /** Lines that matched a rule. */
  readonly matches: number;
  readonly findings: readonly TestFinding[];
  /** Times are those that the lines say; false when none of them says one. */
  readonly timed: boolean;
}
