import type { DataPlane } from '../dataplane/dataplane.ts';
import { Audit } from '../engine/audit.ts';
import { Engine } from '../engine/engine.ts';
import { Tokens } from '../engine/tokens.ts';
import { type Config, defaultConfig } from '../model/config.ts';
import type { Listener } from '../model/status.ts';
import { createLocal, type SystemFacts } from '../sdk/local.ts';
import { audited } from '../sdk/local-audit.ts';
import type { ExtensionAPI, Netxfw } from '../sdk/types.ts';
import { packageVersion } from '../sdk/version.ts';
import { AuditFile } from '../store/audit-file.ts';
import { BpfPluginsFile } from '../store/bpf-plugins.ts';
import { parseConfig } from '../store/config-file.ts';
import { ConfigFileSource } from '../store/config-source.ts';
import { ConfirmFile } from '../store/confirm.ts';
import { openStore } from '../store/open-store.ts';
import { TokensFile } from '../store/tokens-file.ts';
import { WatchedConfirm, watchDeadline } from './deadline-watch.ts';
import { shared } from './doctor/shared.ts';
import type { FilterDriver } from './filter.ts';
import { kernelFilter } from './kernel-filter.ts';
import { listeningSockets } from './listening-sockets.ts';
import { acquireLock } from './lock.ts';
import { overridden, readSettings, type Settings } from './settings.ts';
import { sshPorts } from './ssh-ports.ts';
import { UnloadedDataPlane } from './unloaded.ts';
import { warningsOf } from './warnings.ts';

/** What is around the engine. */
export interface Surroundings {
  /** When the daemon started; null without one. */
  readonly startedAt: Date | null;
  /** Where the daemon listens right now. */
  readonly listeners: () => readonly Listener[];
  /** What is wrong around the filter, each with what to do. */
  readonly notices?: () => readonly string[];
  /** The daemon's plugins. */
  readonly extensions?: ExtensionAPI;
}

export const WITHOUT_DAEMON: Surroundings = { startedAt: null, listeners: () => [] };

export interface Parts extends Surroundings {
  readonly settings: Settings;
  /** Text of the configuration that comes into force now; left out when another process made the data plane follow one. */
  readonly text?: string | null;
  /** Instead of the configuration that the data plane follows. */
  readonly config?: Config;
  readonly dataplane: DataPlane;
  /** Given back when the instance is closed, or could not be opened. */
  readonly lock: Disposable;
}

/** An engine in this process and the SDK on top of it. */
export interface Instance {
  readonly settings: Settings;
  readonly engine: Engine;
  readonly tokens: Tokens;
  readonly audit: Audit;
  readonly netxfw: Netxfw;
}

/**
 * Puts configuration, data plane, store and engine together; from here on the kernel holds what is on disk.
 * @throws NetxfwError STORE_DAMAGED, MAP_FULL; everything given is released then
 */
export async function compose(parts: Parts): Promise<Instance> {
  const { settings, text, dataplane, lock, startedAt, listeners, notices = () => [], extensions } = parts;
  const { paths, configFile, overrides } = settings;
  const store = openStore(settings.config);
  try {
    const source = new ConfigFileSource(configFile, paths.appliedConfigFile);
    const adjust = (read: Config) => overridden(read, overrides);
    const engine = await Engine.open({
      dataplane,
      store,
      config: parts.config ?? (text === undefined ? inForce(settings, source) : settings.config),
      ...(text === undefined ? {} : { text }),
      source,
      adjust,
      ...(settings.config.base.persist_rules ? { plugins: new BpfPluginsFile(paths.bpfPluginsFile) } : {}),
      confirmations: new (startedAt === null ? WatchedConfirm : ConfirmFile)(paths.confirmFile),
      sshPorts,
      listening: listeningSockets,
    });
    const tokens = new Tokens(new TokensFile(paths.tokensFile));
    const audit = new Audit(new AuditFile(paths.auditFile));
    const served = () => (startedAt === null ? {} : { served: listeners() });
    const facts = (): SystemFacts => ({
      version: packageVersion(),
      daemon: startedAt !== null,
      startedAt: startedAt?.toISOString() ?? null,
      pinPath: paths.pinPath,
      configFile,
      listeners: listeners(),
      warnings: [
        ...warningsOf({
          config: engine.configuration,
          attachments: dataplane.attachments(),
          maps: engine.fill(),
          listeners: listeners(),
          tokensProblem: tokens.problem,
          auditProblem: audit.problem,
        }),
        ...notices(),
      ],
    });
    const netxfw = createLocal({
      engine,
      tokens,
      audit,
      facts,
      doctor: shared(async () => {
        const { doctor } = await import('./doctor/doctor.ts');
        return doctor({ config: configFile, tryNative: false, ...served() });
      }),
      extensions,
      onClose: () => lock[Symbol.dispose](),
    });
    return { settings, engine, tokens, audit, netxfw };
  } catch (error) {
    store.close();
    dataplane.close();
    lock[Symbol.dispose]();
    throw error;
  }
}

/**
 * The configuration that the data plane follows: an edit of the file comes into force with a reload, not by the next
 * command. Where things are is always what the file says.
 */
function inForce(settings: Settings, source: ConfigFileSource): Config {
  const text = source.readApplied();
  if (text === undefined || text === settings.text) return settings.config;
  try {
    return text === null ? defaultConfig() : parseConfig(text, settings.paths.appliedConfigFile);
  } catch {
    return settings.config;
  }
}

export interface InProcessOptions {
  readonly config?: string | undefined;
  readonly onNotice?: ((notice: string) => void) | undefined;
  readonly driver?: FilterDriver;
}

/**
 * The engine for one command without a daemon, on the maps that are pinned. While the firewall is not loaded, the rules
 * on disk can be read, and every change is refused with NOT_LOADED and stores nothing.
 * @throws NetxfwError LOCKED while another process writes
 */
export async function openInProcess(options: InProcessOptions): Promise<Netxfw> {
  const { config, onNotice, driver = kernelFilter } = options;
  const settings = readSettings(config);
  const lock = await acquireLock(settings.paths.lock, 'command');
  let dataplane: DataPlane | null;
  try {
    dataplane = driver.open(settings);
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
  const parts = { settings, lock, ...WITHOUT_DAEMON };
  if (dataplane !== null) {
    const { engine, audit, netxfw } = await compose({ ...parts, dataplane });
    for (const warning of engine.warnings) onNotice?.(warning);
    return leavingWatch(engine, noted(netxfw, audit), settings.configFile);
  }
  const unloaded = new UnloadedDataPlane(settings.paths.pinPath);
  const instance = await compose({ ...parts, config: settings.config, dataplane: unloaded });
  unloaded.seal();
  const netxfw = noted(instance.netxfw, instance.audit);
  return { ...netxfw, stats: { ...netxfw.stats, get: () => Promise.reject(unloaded.refusal('nothing is counted')) } };
}

/** What a command does by itself stands in the audit log as what it asks of the daemon. */
function noted(netxfw: Netxfw, audit: Audit): Netxfw {
  return audited(netxfw, `uid ${process.getuid?.() ?? 0}`, (entry) => audit.record(entry));
}

/** Has somebody look after a change that waits for confirmation, once this process is gone. */
function leavingWatch(engine: Engine, netxfw: Netxfw, configFile: string): Netxfw {
  const before = engine.config.pending();
  let closing: Promise<void> | undefined;
  const close = () => {
    const pending = engine.config.pending();
    closing ??= netxfw.close().then(() => {
      if (pending !== null && pending.deadline !== before?.deadline)
        watchDeadline(configFile, new Date(pending.deadline));
    });
    return closing;
  };
  return { ...netxfw, close, [Symbol.asyncDispose]: close };
}
