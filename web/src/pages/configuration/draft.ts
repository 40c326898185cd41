import { type Document, isMap, parseDocument } from 'yaml';

/** What the text says, as far as it can be read; null when it cannot. */
export function readDraft(yaml: string): unknown {
  const document = parseDocument(yaml);
  return document.errors.length > 0 ? null : (document.toJS() ?? {});
}

/** Sets one key and leaves every comment and line that it does not concern. */
export function writeKey(yaml: string, path: readonly string[], value: unknown): string {
  const document: Document = parseDocument(yaml);
  if (!isMap(document.contents)) document.contents = document.createNode({});
  // A section without keys is read as null, into which nothing can be set.
  for (let depth = 1; depth < path.length; depth++) {
    const section = path.slice(0, depth);
    if (!isMap(document.getIn(section))) document.setIn(section, document.createNode({}));
  }
  // A plain value goes into the node that is there, which keeps the comment behind it.
  document.setIn(path, Array.isArray(value) ? document.createNode(value, { flow: true }) : value);
  // As the writer of the file does it: [ 22 ] or [22].
  return document.toString({ lineWidth: 0, flowCollectionPadding: /[[{] \S/.test(yaml) });
}
