const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

export type StyleName = keyof typeof CODES;
export type Styles = Readonly<Record<StyleName, (text: string) => string>>;

/** Functions that colour a text; without `enabled` they return it as it is. */
export function styles(enabled: boolean): Styles {
  const entries = Object.entries(CODES).map(([name, [on, off]]) => [
    name,
    (text: string) => (enabled && text !== '' ? `\x1b[${on}m${text}\x1b[${off}m` : text),
  ]);
  return Object.fromEntries(entries) as Styles;
}
