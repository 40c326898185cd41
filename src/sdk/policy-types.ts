import type { Config } from '../model/config.ts';
import type { Limit, LimitInput } from '../model/limits.ts';
import type { IpPortRule, IpPortRuleInput, OpenPort, PortEdit, PortSuggestion } from '../model/open-ports.ts';
import type { ChangeOptions, PendingConfirm, ReloadKind, ReloadResult } from '../model/operations.ts';
import type { PortProtocol } from '../model/ports.ts';
import type { ChangeKind } from '../model/rules.ts';

/** Per-source rate limits. */
export interface LimitAPI {
  add(input: LimitInput, options?: ChangeOptions): Promise<{ readonly change: ChangeKind; readonly limit: Limit }>;
  remove(prefix: string, options?: ChangeOptions): Promise<void>;
  list(): Promise<readonly Limit[]>;
}

/** Ports that default deny lets through, and ip+port rules. */
export interface PortAPI {
  /** @param spec `80`, `443/tcp`, `8080-8090`, `53/udp` */
  open(spec: string, options?: ChangeOptions): Promise<{ readonly change: ChangeKind; readonly port: OpenPort }>;
  close(spec: string, options?: ChangeOptions): Promise<void>;
  /** Closes and opens several, all of them or none. @returns what became of each that was to be opened */
  edit(
    edit: PortEdit,
    options?: ChangeOptions,
  ): Promise<{ readonly opened: readonly { readonly change: ChangeKind; readonly port: OpenPort }[] }>;
  list(): Promise<readonly OpenPort[]>;
  /** Listening sockets that are not open yet. */
  suggest(): Promise<readonly PortSuggestion[]>;
  addRule(
    input: IpPortRuleInput,
    options?: ChangeOptions,
  ): Promise<{ readonly change: ChangeKind; readonly rule: IpPortRule }>;
  removeRule(prefix: string, ports: string, protocol?: PortProtocol, options?: ChangeOptions): Promise<void>;
  listRules(): Promise<readonly IpPortRule[]>;
}

export interface ConfigAPI {
  /** `etag` goes into `replace`. */
  get(): Promise<{ readonly config: Config; readonly yaml: string; readonly file: string; readonly etag: string }>;
  /** Checks without applying; rejects with CONFIG_INVALID. */
  validate(yaml: string): Promise<{ readonly kind: ReloadKind; readonly changes: readonly string[] }>;
  /** Writes the file and applies it; the file is put back when applying fails. */
  replace(yaml: string, options?: ChangeOptions & { readonly etag?: string }): Promise<ReloadResult>;
  /** Sets keys by path ("base.default_deny"), keeping comments, and applies. */
  set(values: Readonly<Record<string, unknown>>, options?: ChangeOptions): Promise<ReloadResult>;
  /** Reads the file again and applies it. */
  reload(options?: ChangeOptions): Promise<ReloadResult>;
  pending(): Promise<PendingConfirm | null>;
  /** Keeps what `confirm` seconds would undo. */
  confirm(): Promise<void>;
  /** Undoes it now. */
  rollback(): Promise<ReloadResult>;
  /** Copies rules made by commands into config.yaml. */
  syncToConfig(options?: ChangeOptions): Promise<{ readonly copied: number }>;
  /** Makes the maps equal to disk. */
  syncToMap(): Promise<{ readonly added: number; readonly removed: number }>;
}
