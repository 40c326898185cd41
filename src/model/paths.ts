import type { Config } from './config.ts';

/** Where things are unless config.yaml or a flag says otherwise. No other file spells these paths. */
export const DEFAULT_CONFIG_FILE = '/etc/netxfw/config.yaml';
export const DEFAULT_STATE_DIR = '/var/lib/netxfw';
export const DEFAULT_RUN_DIR = '/run/netxfw';
export const DEFAULT_PIN_PATH = '/sys/fs/bpf/netxfw';
export const DEFAULT_SOCKET = `${DEFAULT_RUN_DIR}/netxfw.sock`;

/** Everything that one instance keeps outside its own memory. */
export interface Paths {
  readonly stateDir: string;
  readonly runDir: string;
  /** Local API, mode 0600. */
  readonly socket: string;
  /** Held by the one writer of the state: the daemon, or a command that runs without one. */
  readonly lock: string;
  readonly pidFile: string;
  readonly rulesFile: string;
  readonly journalFile: string;
  /** What leads back from a change that waits for confirmation; there only meanwhile. */
  readonly confirmFile: string;
  /** The text of config.yaml that is in force. */
  readonly appliedConfigFile: string;
  /** Hashes of the API tokens, mode 0600. */
  readonly tokensFile: string;
  /** Who changed what, mode 0600. */
  readonly auditFile: string;
  /** Name of the interface that had the default route when it was last asked for. */
  readonly interfaceFile: string;
  /** What plugins keep between runs. */
  readonly pluginValuesFile: string;
  /** Which BPF plugins shall be in which slots. */
  readonly bpfPluginsFile: string;
  readonly pinPath: string;
}

/** The paths of the instance that a configuration describes. */
export function pathsOf(
  config: Pick<Config, 'paths'> & { readonly base: Pick<Config['base'], 'bpf_pin_path'> },
): Paths {
  const stateDir = withoutSlash(config.paths.state_dir);
  const runDir = withoutSlash(config.paths.run_dir);
  return {
    stateDir,
    runDir,
    socket: `${runDir}/netxfw.sock`,
    lock: `${stateDir}/netxfw.lock`,
    pidFile: `${runDir}/netxfw.pid`,
    rulesFile: `${stateDir}/rules.json`,
    journalFile: `${stateDir}/rules.journal`,
    confirmFile: `${stateDir}/confirm.json`,
    appliedConfigFile: `${stateDir}/config.applied.yaml`,
    tokensFile: `${stateDir}/tokens.json`,
    auditFile: `${stateDir}/audit.jsonl`,
    interfaceFile: `${stateDir}/default-interface`,
    pluginValuesFile: `${stateDir}/plugins.json`,
    bpfPluginsFile: `${stateDir}/bpf-plugins.json`,
    pinPath: withoutSlash(config.base.bpf_pin_path),
  };
}

function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
