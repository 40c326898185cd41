import type { EngineEvent } from '../model/events.ts';
import type { Netxfw } from '../sdk/types.ts';

/** Values that plugins keep between runs, durably, as JSON; at most 1 MiB each. Keys belong to the plugin. */
export interface KeyValueStore {
  get<T = unknown>(key: string): Promise<T | undefined>;
  /** Resolves when the value is on disk. */
  set(key: string, value: unknown): Promise<void>;
  /** @returns whether it was there */
  delete(key: string): Promise<boolean>;
  keys(): Promise<readonly string[]>;
}

export interface PluginStore extends KeyValueStore {
  /** The same for all plugins. */
  readonly shared: KeyValueStore;
}

/** Lines in netxfw's own log, under the plugin's name. */
export interface PluginLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What happens in the engine, while the plugin runs. */
export interface PluginEvents {
  /** @returns the function that ends the subscription */
  on<T extends EngineEvent['type']>(
    type: T,
    listener: (event: Extract<EngineEvent, { readonly type: T }>) => void,
  ): () => void;
}

export interface PluginContext<C> {
  /** The firewall. Every change carries the plugin's name into the audit log. */
  readonly sdk: Netxfw;
  readonly events: PluginEvents;
  readonly store: PluginStore;
  readonly log: PluginLog;
  /** The plugin's section of config.yaml, as `schema` returned it. */
  readonly config: C;
  /** Aborted when the plugin is stopped. */
  readonly signal: AbortSignal;
  /** Says how the plugin is; shown by `netxfw status` and in health checks. */
  health(ok: boolean, message: string): void;
}

/** What runs once a plugin is set up. */
export interface PluginHandle<C> {
  /** Takes a changed configuration; without it the plugin is stopped and set up again. */
  reload?(config: C): void | Promise<void>;
  /** Has five seconds. */
  stop?(): void | Promise<void>;
  /** What others can call through `sdk.extensions.call(name, command, argument)`. Values are JSON. */
  readonly commands?: Readonly<Record<string, (argument: unknown) => unknown>>;
}

/** Anything that checks a configuration and returns it, throwing when it is wrong: a zod schema, for example. */
export interface PluginSchema<C> {
  parse(value: unknown): C;
}

export interface PluginDefinition<C = unknown> {
  /** Lower case letters, digits and dashes. */
  readonly name: string;
  readonly schema?: PluginSchema<C>;
  setup(context: PluginContext<C>): PluginHandle<C> | undefined | Promise<PluginHandle<C> | undefined>;
}

/** Gives a plugin its types; the module that config.yaml names exports the result as default. */
export function definePlugin<C = unknown>(definition: PluginDefinition<C>): PluginDefinition<C> {
  return definition;
}
