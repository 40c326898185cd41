import type { Limit, LimitInput } from '../model/limits.ts';
import type {
  IpPortRule,
  IpPortRuleInput,
  ListeningSocket,
  OpenPort,
  PortEdit,
  PortSuggestion,
} from '../model/open-ports.ts';
import type { ChangeOptions, PendingConfirm, ReloadKind, ReloadResult } from '../model/operations.ts';
import type { PortProtocol } from '../model/ports.ts';
import type { ChangeKind } from '../model/rules.ts';
import { parseConfig } from '../store/config-file.ts';
import type { ConfigControl, ConfigView, Followed } from './config.ts';
import type { Confirm } from './confirm.ts';
import type { EngineCore } from './core.ts';
import { addIpPortRule, listIpPortRules, removeIpPortRule } from './ip-port-rules.ts';
import { addLimit, listLimits, removeLimit } from './limits.ts';
import { editPorts, listPorts, type PortChange } from './ports.ts';
import { suggestPorts } from './suggest.ts';
import { configCopy } from './sync.ts';

/** Letters of a change in words. */
const MAX_SAID = 100;

/**
 * Does work as one change, after all that was asked for before it.
 * @param what the change in words, for whoever has to confirm it
 */
export type MakeChange = <T>(
  options: ChangeOptions | undefined,
  what: string,
  work: () => T,
  configBefore?: () => string | null,
) => Promise<T>;

/** The engine's limits. */
export class EngineLimits {
  readonly #core: EngineCore;
  readonly #change: MakeChange;

  constructor(core: EngineCore, change: MakeChange) {
    this.#core = core;
    this.#change = change;
  }

  add(input: LimitInput, options?: ChangeOptions): Promise<{ readonly change: ChangeKind; readonly limit: Limit }> {
    return this.#change(options, `limit ${input.prefix}`, () => addLimit(this.#core, input));
  }

  remove(prefix: string, options?: ChangeOptions): Promise<void> {
    return this.#change(options, `remove the limit of ${prefix}`, () => removeLimit(this.#core, prefix));
  }

  list(): readonly Limit[] {
    return listLimits(this.#core);
  }
}

/** The engine's open ports and ip+port rules. */
export class EnginePorts {
  readonly #core: EngineCore;
  readonly #change: MakeChange;
  readonly #listening: () => readonly ListeningSocket[];

  constructor(core: EngineCore, change: MakeChange, listening: () => readonly ListeningSocket[]) {
    this.#core = core;
    this.#change = change;
    this.#listening = listening;
  }

  async open(spec: string, options?: ChangeOptions): Promise<PortChange> {
    return (await this.#edit(options, `open port ${spec}`, { open: [spec], close: [] }))[0]!;
  }

  async close(spec: string, options?: ChangeOptions): Promise<void> {
    await this.#edit(options, `close port ${spec}`, { open: [], close: [spec] });
  }

  edit(edit: PortEdit, options?: ChangeOptions): Promise<readonly PortChange[]> {
    const said = [
      ...edit.close.map((spec) => `close port ${spec}`),
      ...edit.open.map((spec) => `open port ${spec}`),
    ].join(', ');
    return this.#edit(options, said.length > MAX_SAID ? `${said.slice(0, MAX_SAID)}...` : said, edit);
  }

  #edit(options: ChangeOptions | undefined, what: string, edit: PortEdit): Promise<readonly PortChange[]> {
    return this.#change(options, what, () => editPorts(this.#core, edit));
  }

  list(): readonly OpenPort[] {
    return listPorts(this.#core);
  }

  suggest(): readonly PortSuggestion[] {
    return suggestPorts(this.#core, this.#listening());
  }

  addRule(
    input: IpPortRuleInput,
    options?: ChangeOptions,
  ): Promise<{ readonly change: ChangeKind; readonly rule: IpPortRule }> {
    const what = `${input.action} ${input.prefix} to port ${input.ports}`;
    return this.#change(options, what, () => addIpPortRule(this.#core, input));
  }

  removeRule(prefix: string, ports: string, protocol?: PortProtocol, options?: ChangeOptions): Promise<void> {
    const what = `remove the rule of ${prefix} and port ${ports}`;
    return this.#change(options, what, () => removeIpPortRule(this.#core, prefix, ports, protocol));
  }

  listRules(): readonly IpPortRule[] {
    return listIpPortRules(this.#core);
  }
}

export interface ConfigParts {
  readonly core: EngineCore;
  readonly control: ConfigControl;
  readonly confirm: Confirm;
  readonly change: MakeChange;
  /** Undoes what waits for confirmation. */
  readonly rollBack: () => void;
}

/** The engine's configuration. */
export class EngineConfigFace {
  readonly #parts: ConfigParts;

  constructor(parts: ConfigParts) {
    this.#parts = parts;
  }

  get(): ConfigView {
    return this.#parts.control.get();
  }

  validate(yaml: string): { readonly kind: ReloadKind; readonly changes: readonly string[] } {
    return this.#parts.control.validate(yaml);
  }

  replace(yaml: string, { etag, ...options }: ChangeOptions & { readonly etag?: string } = {}): Promise<ReloadResult> {
    return this.#follow(options, 'a new configuration', (control) => control.replace(yaml, etag));
  }

  set(values: Readonly<Record<string, unknown>>, options?: ChangeOptions): Promise<ReloadResult> {
    const what = `set ${Object.keys(values).join(', ')}`;
    return this.#follow(options, what, (control) => control.set(values));
  }

  reload(options?: ChangeOptions): Promise<ReloadResult> {
    return this.#follow(options, 'reload', (control) => control.reload());
  }

  pending(): PendingConfirm | null {
    return this.#parts.confirm.pending;
  }

  confirm(): Promise<void> {
    const { change, confirm } = this.#parts;
    return change(undefined, 'confirm', () => {
      confirm.undo;
      confirm.drop();
    });
  }

  async rollback(): Promise<ReloadResult> {
    const { change, confirm, core, rollBack } = this.#parts;
    return change(undefined, 'roll back', () => {
      const { what, config } = confirm.undo;
      const { losing } = confirm;
      const started = performance.now();
      const before = core.config;
      rollBack();
      const milliseconds = Math.round((performance.now() - started) * 10) / 10;
      const kind = config === undefined || before === core.config ? 'none' : 'incremental';
      return { kind, because: `${what} was undone${losing}`, changes: [], milliseconds, pending: null, notices: [] };
    });
  }

  syncToConfig(options?: ChangeOptions): Promise<{ readonly copied: number }> {
    const { control, core } = this.#parts;
    const inFile = control.textInForce;
    return this.#parts.change(
      options,
      'copy rules into the configuration',
      () => {
        const { values, copied } = configCopy(core, parseConfig(control.get().yaml, control.file));
        if (copied > 0) control.set(values);
        return { copied };
      },
      () => inFile.call(control),
    );
  }

  syncToMap(options?: ChangeOptions): Promise<{ readonly added: number; readonly removed: number }> {
    return this.#parts.change(options, 'make the maps equal to disk', () => this.#parts.core.synchronise());
  }

  async #follow(
    options: ChangeOptions | undefined,
    what: string,
    work: (control: ConfigControl) => Followed,
  ): Promise<ReloadResult> {
    const { change, control, confirm } = this.#parts;
    const followed = await change(
      options,
      what,
      () => work(control),
      () => control.textInForce(),
    );
    return { ...followed, pending: confirm.pending };
  }
}
