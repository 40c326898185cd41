/** Rows of RFC 4180; a field holds no line breaks. */

/** The fields of one row. @throws Error for quotes that do not fit */
export function csvFields(row: string): string[] {
  if (!row.includes('"')) return row.split(',');
  const fields: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (let at = 0; ; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(row);
    if (match === null) throw new Error('a quote that does not belong to a whole field');
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') return fields;
  }
}

export function csvRow(fields: readonly string[]): string {
  return fields.map((field) => (/[",\s]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}
