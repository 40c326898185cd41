import { MESSAGE_TEXTS, type MessageId } from './message-texts.ts';

export type { MessageId } from './message-texts.ts';

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
/** A value for each `{name}` of the text. */
export type MessageValues<Id extends MessageId> = Readonly<Record<Names<(typeof MESSAGE_TEXTS)[Id]>, string | number>>;
type Rest<Id extends MessageId> = keyof MessageValues<Id> extends never ? [] : [values: MessageValues<Id>];

/** A message in English, as it stands in the table. */
export function say<Id extends MessageId>(id: Id, ...[values]: Rest<Id>): string {
  return filled(MESSAGE_TEXTS[id], (values ?? {}) as Readonly<Record<string, string | number>>);
}

export function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export interface Recognised {
  readonly id: MessageId;
  readonly values: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly id: MessageId;
  readonly pattern: RegExp;
  /** Characters that are always the same. */
  readonly fixed: number;
}

let patterns: readonly Pattern[] | undefined;

/** Which message a text is, and with which values: texts travel as such, so that every client can show them as they are. */
export function recognise(text: string): Recognised | null {
  patterns ??= (Object.entries(MESSAGE_TEXTS) as [MessageId, string][])
    .map(([id, template]) => ({ id, pattern: patternOf(template), fixed: template.replace(/\{\w+\}/g, '').length }))
    // What says more by itself is the better match.
    .sort((a, b) => b.fixed - a.fixed);
  for (const { id, pattern } of patterns) {
    const values = pattern.exec(text);
    if (values !== null) return { id, values: { ...values.groups } };
  }
  return null;
}

/** A name that comes again stands for the same value. */
function patternOf(template: string): RegExp {
  const seen = new Set<string>();
  const source = template
    .split(/(\{\w+\})/)
    .map((part) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      if (seen.has(name)) return `\\k<${name}>`;
      seen.add(name);
      return `(?<${name}>.+?)`;
    })
    .join('');
  return new RegExp(`^${source}$`, 's');
}
