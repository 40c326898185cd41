import { VERSION } from './rules-document.ts';

type Document = Readonly<Record<string, unknown>>;

/** From each version to the next one. Add a step with every change of the format, and a fixture of the old one. */
const STEPS: Readonly<Record<number, (document: Document) => Document>> = {
  1: (document) => ({ ...document, limits: [], ports: [], ip_port_rules: [] }),
};

/**
 * Brings a parsed rules document to the current version.
 * @throws Error when there is no way
 */
export function migrate(parsed: unknown, steps = STEPS, current: number = VERSION): Document {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error('not a JSON object');
  let document = parsed as Document;
  let { version } = document;
  if (typeof version !== 'number' || !Number.isInteger(version)) throw new Error('"version" must be a whole number');
  if (version > current) {
    throw new Error(`version ${version} was written by a newer netxfw; this one reads up to version ${current}`);
  }
  while (version < current) {
    const step: ((document: Document) => Document) | undefined = steps[version];
    if (step === undefined) throw new Error(`version ${version} is not known`);
    document = { ...step(document), version: ++version };
  }
  return document;
}
