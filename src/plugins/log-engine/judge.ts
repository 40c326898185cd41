import type { Prefix } from '../../model/prefixes.ts';
import { offender } from './address.ts';
import type { CompiledRule, LogLine } from './rule.ts';
import { Window } from './window.ts';

/** What a line means for one rule. */
export interface Finding {
  readonly rule: CompiledRule;
  /** undefined when the line names no address where the rule looks for one. */
  readonly host: Prefix | undefined;
  /** What would be blocked. */
  readonly offender: string;
  /** Lines of this offender in the window, with this one. */
  readonly lines: number;
  /** The threshold is reached. */
  readonly act: boolean;
}

/** Rules and what they have counted: judges lines, and does nothing else. */
export class Judge {
  readonly #rules: readonly { readonly rule: CompiledRule; readonly window: Window }[];

  constructor(rules: readonly CompiledRule[]) {
    this.#rules = rules.map((rule) => ({ rule, window: new Window(rule.config.threshold, rule.interval * 1000) }));
  }

  /** @param at milliseconds */
  judge(line: LogLine, at: number, onFinding: (finding: Finding) => void): void {
    for (const { rule, window } of this.#rules) {
      const match = rule.match(line);
      if (match === undefined) continue;
      const { host } = match;
      if (host === undefined) {
        onFinding({ rule, host, offender: '', lines: 0, act: false });
        continue;
      }
      const who = offender(host, rule.config.v6_prefix);
      onFinding({ rule, host, offender: who, ...window.count(who, at) });
    }
  }
}
