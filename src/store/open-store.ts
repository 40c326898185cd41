import type { Config } from '../model/config.ts';
import { pathsOf } from '../model/paths.ts';
import { FileStore } from './file-store.ts';
import { MemoryStore } from './memory-store.ts';
import type { RuleStore } from './store.ts';

/** The store that a configuration asks for; it reads and writes nothing before its first use. */
export function openStore(config: Config): RuleStore {
  if (!config.base.persist_rules) return new MemoryStore();
  const { rulesFile, journalFile } = pathsOf(config);
  return new FileStore({ rulesFile, journalFile });
}
