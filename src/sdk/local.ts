import { Buffer } from 'node:buffer';
import type { Audit } from '../engine/audit.ts';
import type { Engine } from '../engine/engine.ts';
import type { Tokens } from '../engine/tokens.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import { NetxfwError } from '../model/errors.ts';
import type { SourceEntry } from '../model/sources.ts';
import type { SystemStatus } from '../model/status.ts';
import { localConns, localEvents, localExplain, localHealth, localPerf, localPlugins } from './local-observe.ts';
import { localConfig, localLimits, localPorts } from './local-policy.ts';
import type {
  DynamicAPI,
  ExtensionAPI,
  ImportRequest,
  Netxfw,
  RuleAPI,
  SourceRequest,
  StatsAPI,
  SystemAPI,
  TokenAPI,
} from './types.ts';

/** What the process around the engine knows and the engine does not. */
export type SystemFacts = Pick<
  SystemStatus,
  'version' | 'daemon' | 'startedAt' | 'pinPath' | 'configFile' | 'listeners' | 'warnings'
>;

export interface LocalOptions {
  readonly engine: Engine;
  readonly tokens: Tokens;
  readonly audit: Audit;
  /** Asked anew for each status. */
  readonly facts: () => SystemFacts;
  /** Looks at the host. */
  readonly doctor: () => Promise<readonly Diagnosis[]>;
  /** The plugins of the daemon. */
  readonly extensions?: ExtensionAPI | undefined;
  /** Runs after the engine is closed, for example to give back the lock. */
  readonly onClose?: () => void | Promise<void>;
}

/** Netxfw on an engine in this process; closing it closes the engine. */
export function createLocal(options: LocalOptions): Netxfw {
  const { engine, tokens, audit, onClose, extensions = WITHOUT_EXTENSIONS } = options;
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= engine.close().then(() => {
      audit.close();
      return onClose?.();
    });
    return closing;
  };
  return {
    rules: localRules(engine),
    dynamic: localDynamic(engine),
    stats: localStats(engine),
    system: localSystem(options),
    limits: localLimits(engine),
    ports: localPorts(engine),
    config: localConfig(engine),
    conns: localConns(engine),
    events: localEvents(engine),
    explain: localExplain(engine),
    extensions,
    plugins: localPlugins(engine),
    perf: localPerf(engine),
    health: localHealth(engine, extensions),
    tokens: localTokens(tokens),
    close,
    [Symbol.asyncDispose]: close,
  };
}

const WITHOUT_EXTENSIONS: ExtensionAPI = {
  list: async () => [],
  call: async (name) => {
    throw new NetxfwError('NOT_FOUND', `there is no plugin ${name}: plugins run in the daemon`, {
      hint: 'Start it: netxfw system daemon',
    });
  },
};

function localRules(engine: Engine): RuleAPI {
  return {
    add: (rule, options) => engine.add(rule, options),
    addMany: (rules, options) => engine.addMany(rules, options),
    remove: (prefix, list, options) => engine.remove(prefix, list, options),
    removeMany: (selection, options) => engine.removeMany(selection, options),
    previewRemoval: async (selection) => engine.previewRemoval(selection),
    clear: (list, options) => engine.clear(list, options),
    list: async (query) => engine.list(query),
    counts: async () => engine.counts(),
    match: async (address) => engine.match(address),
    import: async ({ data, options, ...request }) => engine.import(await collected(data), request, options),
    export: async function* (request) {
      yield* engine.export(request);
    },
    replaceSource: async ({ data, options, ...request }) =>
      engine.replaceSource(isEntries(data) ? data : await collected(data), request, options),
    updateSource: (update, options) => engine.updateSource(update, options),
    sources: async () => engine.sources(),
  };
}

function isEntries(data: SourceRequest['data']): data is readonly SourceEntry[] {
  return Array.isArray(data);
}

async function collected(data: ImportRequest['data']): Promise<Uint8Array> {
  if (data instanceof Uint8Array) return data;
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of data) chunks.push(chunk);
  } catch (error) {
    if (error instanceof NetxfwError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new NetxfwError('FILE_UNREADABLE', `the data to import cannot be read: ${why}`, { cause: error });
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function localDynamic(engine: Engine): DynamicAPI {
  return {
    add: (input, options) => engine.addDynamic(input, options),
    remove: (prefix) => engine.removeDynamic(prefix),
    list: async () => engine.listDynamic(),
    clear: () => engine.clearDynamic(),
  };
}

function localStats(engine: Engine): StatsAPI {
  return {
    get: async () => engine.stats(),
    history: async (after) => engine.observation.traffic.history(after),
    reset: () => engine.resetStats(),
  };
}

function localSystem({ engine, audit, facts, doctor }: LocalOptions): SystemAPI {
  return {
    status: async () => {
      const { warnings, ...known } = facts();
      const attachments = engine.attachments();
      const { passed, dropped } = engine.stats();
      return {
        ...known,
        loaded: attachments.length > 0,
        attachments,
        rules: { ...engine.counts(), dynamic: engine.observation.cache.dynamic() },
        maps: engine.fill(),
        packets: { passed, dropped },
        warnings: [...warnings, ...engine.warnings],
      };
    },
    version: async () => facts().version,
    reset: (options) => engine.reset(options),
    audit: (query) => audit.page(query),
    doctor,
  };
}

function localTokens(tokens: Tokens): TokenAPI {
  return {
    create: async (input) => tokens.create(input),
    list: async () => tokens.list(),
    remove: async (name) => tokens.remove(name),
  };
}
