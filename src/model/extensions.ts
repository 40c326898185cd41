/** What a plugin in TypeScript is doing. */
export type ExtensionState = 'starting' | 'running' | 'failed' | 'stopped';

/** A plugin of config.yaml, or a built-in one. */
export interface ExtensionStatus {
  readonly name: string;
  /** Path of its module; `built-in` for those of netxfw itself. */
  readonly module: string;
  readonly state: ExtensionState;
  /** ISO 8601: since when it is in this state. */
  readonly since: string;
  /** It runs and says that it is well. */
  readonly ok: boolean;
  /** What it says of itself, or why it failed. */
  readonly message: string;
  /** What can be called. */
  readonly commands: readonly string[];
}
