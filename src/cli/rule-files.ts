import { extname } from 'node:path';
import type { RuleFormat } from '../model/rules.ts';

const EXTENSIONS: Readonly<Record<string, RuleFormat>> = {
  '.txt': 'text',
  '.json': 'json',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.csv': 'csv',
  '.bin': 'binary',
};
const PACKED = '.zst';

/** What the name of a file says about what is in it. */
export interface FileKind {
  readonly format: RuleFormat | undefined;
  /** Compressed by zstd. */
  readonly packed: boolean;
}

export function fileKind(name: string): FileKind {
  const packed = name.toLowerCase().endsWith(PACKED);
  const inner = packed ? name.slice(0, -PACKED.length) : name;
  return { format: EXTENSIONS[extname(inner).toLowerCase()], packed };
}
