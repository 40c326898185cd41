import { type MemoryCapacity, MemoryDataPlane } from '../dataplane/memory.ts';
import { Audit } from '../engine/audit.ts';
import { Engine } from '../engine/engine.ts';
import { Tokens } from '../engine/tokens.ts';
import { type Config, defaultConfig } from '../model/config.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { ListeningSocket } from '../model/open-ports.ts';
import { MemoryAudit } from '../store/memory-audit.ts';
import { MemoryConfig } from '../store/memory-config.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { MemoryTokens } from '../store/memory-tokens.ts';
import { createLocal } from './local.ts';
import { audited } from './local-audit.ts';
import type { Netxfw } from './types.ts';

export type { MemoryCapacity } from '../dataplane/memory.ts';

export interface MockOptions {
  /** Entries that each map takes, to see what a full one does. */
  readonly capacity?: Partial<MemoryCapacity>;
  /** The whitelist of config.yaml. */
  readonly whitelist?: readonly string[];
  /** Sockets of the host that wait for others; default none. */
  readonly listening?: readonly ListeningSocket[];
  /** Unix milliseconds; default Date.now. */
  readonly now?: () => number;
}

/** Netxfw on memory, and the data plane in which packets can be judged. */
export interface MockNetxfw extends Netxfw {
  readonly dataplane: MemoryDataPlane;
}

/** What there is to say of a host that is not there. */
const ON_MEMORY: Diagnosis = { name: 'kernel', state: 'ok', message: 'none is needed: all is on memory', remedy: null };

/** The real engine without kernel, disk or daemon, for tests: nothing in it is imitated but the packet filter. */
export async function createMock(options: MockOptions = {}): Promise<MockNetxfw> {
  const { capacity, whitelist = [], now } = options;
  const clock = now === undefined ? {} : { now };
  const dataplane = new MemoryDataPlane({ ...clock, ...(capacity === undefined ? {} : { capacity }) });
  const adjust = (read: Config): Config => ({ ...read, capacity: { ...read.capacity, ...capacity } });
  const config = adjust({ ...defaultConfig(), whitelist: [...whitelist] });
  const text = whitelist.length === 0 ? '' : `whitelist: ${JSON.stringify(whitelist)}\n`;
  dataplane.configure(config);
  const engine = await Engine.open({
    dataplane,
    store: new MemoryStore(),
    config,
    source: new MemoryConfig(text),
    text,
    adjust,
    listening: () => options.listening ?? [],
    statsTtl: 0,
    ...clock,
  });
  const tokens = new Tokens(new MemoryTokens(), now);
  const facts = {
    version: 'mock',
    daemon: false,
    startedAt: null,
    pinPath: '',
    configFile: '',
    listeners: [],
    warnings: [],
  };
  const audit = new Audit(new MemoryAudit(), now);
  const netxfw = createLocal({ engine, tokens, audit, facts: () => facts, doctor: async () => [ON_MEMORY] });
  return { ...audited(netxfw, 'mock', (entry) => audit.record(entry)), dataplane };
}
