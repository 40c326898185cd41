import { type Document, isMap, isNode, isSeq, type Node, parseDocument, type YAMLSeq } from 'yaml';

/** What the text says, as far as it can be read; null when it cannot. */
export function readDraft(yaml: string): unknown {
  const document = parseDocument(yaml);
  return document.errors.length > 0 ? null : (document.toJS() ?? {});
}

/** Sets one key and leaves every comment and line that it does not concern. */
export function writeKey(yaml: string, path: readonly string[], value: unknown): string {
  const document = open(yaml, path);
  // A plain value goes into the node that is there, which keeps the comment behind it.
  document.setIn(path, Array.isArray(value) ? listNode(document, value) : value);
  return textOf(document, yaml);
}

/** What is done to one row of a list. */
export type RowEdit =
  | { readonly kind: 'add'; readonly row: unknown }
  | { readonly kind: 'change'; readonly at: number; readonly row: unknown }
  | { readonly kind: 'remove'; readonly at: number };

/**
 * Changes one row of a list and leaves the others, and their comments, as they are written.
 * @param before the rows that hold where the file does not set the key
 */
export function writeRow(yaml: string, path: readonly string[], before: readonly unknown[], edit: RowEdit): string {
  const document = open(yaml, path);
  const list = document.getIn(path);
  if (!isSeq(list) || list.items.length === 0) return writeKey(yaml, path, edited(before, edit));
  if (edit.kind === 'remove') list.delete(edit.at);
  else if (edit.kind === 'add') list.add(rowNode(document, edit.row, list));
  else list.set(edit.at, withComments(rowNode(document, edit.row, list), list.items[edit.at]));
  if (list.items.length === 0) document.setIn(path, listNode(document, []));
  return textOf(document, yaml);
}

function edited(rows: readonly unknown[], edit: RowEdit): readonly unknown[] {
  switch (edit.kind) {
    case 'add':
      return [...rows, edit.row];
    case 'change':
      return rows.with(edit.at, edit.row);
    case 'remove':
      return rows.toSpliced(edit.at, 1);
  }
}

function open(yaml: string, path: readonly string[]): Document {
  const document: Document = parseDocument(yaml);
  if (!isMap(document.contents)) document.contents = document.createNode({});
  // A section without keys is read as null, into which nothing can be set.
  for (let depth = 1; depth < path.length; depth++) {
    const section = path.slice(0, depth);
    if (!isMap(document.getIn(section))) document.setIn(section, document.createNode({}));
  }
  return document;
}

/** Values on one line; sections one below the other, each on its line. */
function listNode(document: Document, rows: readonly unknown[]): Node {
  const sections = rows.some((row) => typeof row === 'object' && row !== null);
  const list = document.createNode(sections ? [] : rows, { flow: !sections }) as YAMLSeq;
  if (sections) for (const row of rows) list.add(rowNode(document, row, list));
  return list;
}

function rowNode(document: Document, row: unknown, { flow, items }: YAMLSeq): Node {
  // As those beside it: { a: 1, b: 2 }, or one key a line.
  const neighbour = items.find(isMap);
  return document.createNode(row, { flow: flow === true || neighbour === undefined || neighbour.flow === true });
}

function withComments(node: Node, old: unknown): Node {
  if (!isNode(old)) return node;
  node.comment = old.comment ?? null;
  node.commentBefore = old.commentBefore ?? null;
  node.spaceBefore = old.spaceBefore ?? false;
  return node;
}

/** As the writer of the file does it: [ 22 ] or [22]. */
function textOf(document: Document, yaml: string): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: /[[{] \S/.test(yaml) });
}
