import { createHash } from 'node:crypto';
import type { PolicyChange } from '../dataplane/policy-plane.ts';
import { type Config, defaultConfig } from '../model/config.ts';
import { NetxfwError } from '../model/errors.ts';
import { say } from '../model/messages.ts';
import type { ReloadKind, ReloadResult } from '../model/operations.ts';
import { parseConfig, withKeys } from '../store/config-file.ts';
import type { ConfigSource } from '../store/config-source.ts';
import { refuseCutOff } from '../store/cut-off.ts';
import { configChanges, type KeyChange } from './config-changes.ts';
import type { EngineCore } from './core.ts';
import { configured } from './policy-state.ts';

/** The configuration as a file and as what is in force. */
export interface ConfigView {
  /** In force. */
  readonly config: Config;
  /** The file as it is now, which may have been edited since. */
  readonly yaml: string;
  readonly file: string;
  readonly etag: string;
}

export type Followed = Omit<ReloadResult, 'pending'>;

/** Changes what a process was told besides the file, such as interfaces on its command line. */
export type Adjust = (config: Config) => Config;

/** Makes the engine follow config.yaml, and config.yaml follow those who change it through the engine. */
export class ConfigControl {
  readonly #core: EngineCore;
  readonly #source: ConfigSource;
  readonly #adjust: Adjust;

  constructor(core: EngineCore, source: ConfigSource, adjust: Adjust) {
    this.#core = core;
    this.#source = source;
    this.#adjust = adjust;
  }

  get file(): string {
    return this.#source.file;
  }

  get(): ConfigView {
    const yaml = this.#source.read();
    return { config: this.#core.config, yaml: yaml ?? '', file: this.#source.file, etag: etagOf(yaml) };
  }

  /** What following a text would take. @throws NetxfwError CONFIG_INVALID */
  validate(yaml: string): { readonly kind: ReloadKind; readonly changes: readonly string[] } {
    const config = this.#parse(yaml);
    const changes = configChanges(this.#core.config, config);
    return { kind: kindOf(this.#core.dataplane.compare(config), changes).kind, changes: textsOf(changes) };
  }

  /** Follows the file. */
  reload(): Followed {
    return this.#follow(this.#source.read(), undefined, (text) =>
      refuseCutOff(text, this.#source.readApplied(), this.file),
    );
  }

  /** Puts another text into the file and follows it. @param etag of the text that it was made from */
  replace(yaml: string, etag?: string): Followed {
    const before = this.#source.read();
    if (etag !== undefined && etag !== etagOf(before)) {
      throw new NetxfwError('CONFLICT', `${this.#source.file} was changed by somebody else meanwhile`, {
        hint: 'Read it again, and make your change on that.',
        details: { etag: etagOf(before) },
      });
    }
    return this.#replace(before, yaml);
  }

  set(values: Readonly<Record<string, unknown>>): Followed {
    const before = this.#source.read();
    this.#parse(before ?? '');
    return this.#replace(before, withKeys(before ?? '', values));
  }

  /** What a change of the configuration that is not confirmed goes back to: the text in force. */
  textInForce(): string | null {
    const applied = this.#source.readApplied();
    return applied === undefined ? this.#source.read() : applied;
  }

  /**
   * Puts an earlier text in the place of the present one, which is kept beside it.
   * @returns its configuration, and why it could not be put there, null when it was
   */
  putBack(text: string | null): { readonly config: Config; readonly problem: NetxfwError | null } {
    const config = this.#parse(text ?? '');
    const present = this.#source.read();
    if (present !== null && present !== text) this.#setAside(present);
    this.remember(text);
    try {
      this.#source.write(text);
      return { config, problem: null };
    } catch (error) {
      return { config, problem: NetxfwError.from(error) };
    }
  }

  #setAside(text: string): void {
    try {
      const path = this.#source.setAside(text);
      this.#core.warn(`${this.#source.file} is as it was before; what was not confirmed is in ${path}`);
    } catch (error) {
      this.#core.warn(NetxfwError.from(error).message);
    }
  }

  /** Keeps the text that is in force, for whoever comes after this process. */
  remember(text: string | null): void {
    try {
      this.#source.writeApplied(text);
    } catch (error) {
      this.#core.warn(NetxfwError.from(error).message);
    }
  }

  #replace(before: string | null, yaml: string): Followed {
    return this.#follow(yaml, yaml === before ? undefined : () => this.#write(before, yaml));
  }

  #write(before: string | null, yaml: string): void {
    try {
      this.#source.write(yaml);
    } catch (error) {
      // It may have taken effect all the same.
      if (this.#source.read() !== before) this.#source.write(before);
      throw error;
    }
  }

  /**
   * @param persist puts the text into the file once it is in force
   * @param check throws when the text must not come into force
   */
  #follow(text: string | null, persist?: () => void, check?: (text: string | null) => void): Followed {
    const started = performance.now();
    const core = this.#core;
    try {
      check?.(text);
      const config = this.#parse(text ?? '');
      const changes = configChanges(core.config, config);
      const change = followConfig(core, config, persist);
      const { kind, because } = kindOf(change, changes);
      this.remember(text);
      const milliseconds = Math.round((performance.now() - started) * 10) / 10;
      const result = { kind, because, changes: textsOf(changes), milliseconds, notices: noticesOf(changes) };
      core.events.emit({ type: 'reload', kind, changes: result.changes, milliseconds, message: because });
      return result;
    } catch (error) {
      const milliseconds = Math.round((performance.now() - started) * 10) / 10;
      const { message } = NetxfwError.from(error);
      core.events.emit({ type: 'reload', kind: 'failed', changes: [], milliseconds, message });
      throw error;
    }
  }

  #parse(text: string): Config {
    return this.#adjust(text === '' ? defaultConfig() : parseConfig(text, this.#source.file));
  }
}

/** Commits a configuration: its lists, ports, limits and rules, and the switches of the kernel program. */
export function followConfig(core: EngineCore, config: Config, persist?: () => void): PolicyChange {
  const { configEntries } = core;
  configEntries.hide(config.whitelist);
  try {
    const tx = core.begin();
    configEntries.apply(tx, config.whitelist, core.now());
    const policy = configured(core.policy, config, core.now());
    return core.commit({ tx, stored: false, policy, config, persist }).reload!;
  } finally {
    configEntries.settle();
  }
}

/** The kernel's answer, completed by what it need not know. */
function kindOf(change: PolicyChange, changes: readonly KeyChange[]): Pick<PolicyChange, 'kind' | 'because'> {
  if (change.kind !== 'none') return change;
  const live = changes.filter(({ atStart }) => !atStart).map(({ key }) => key);
  if (live.length > 0) return { kind: 'incremental', because: `${live.join(', ')} changed` };
  return {
    kind: 'none',
    because: changes.length === 0 ? 'nothing changed' : 'nothing changed that works without a restart',
  };
}

function noticesOf(changes: readonly KeyChange[]): string[] {
  const keys = changes.filter(({ atStart }) => atStart).map(({ key }) => key);
  if (keys.length === 0) return [];
  return [say(keys.length === 1 ? 'notice.restartOne' : 'notice.restart', { keys: keys.join(', ') })];
}

const textsOf = (changes: readonly KeyChange[]): string[] => changes.map(({ text }) => text);

function etagOf(text: string | null): string {
  return `"${createHash('sha256')
    .update(text ?? '')
    .digest('hex')
    .slice(0, 32)}"`;
}
