import type { ErrorBody } from '../model/errors.ts';

/** What a plugin's thread is started with. */
export interface WorkerStart {
  /** URL of the module, or `netxfw:NAME` for a built-in plugin. */
  readonly module: string;
  readonly config: unknown;
  readonly socket: string;
  /** URL of what `netxfw/plugin` stands for. */
  readonly library: string;
  /** Check module and configuration, and end. */
  readonly validateOnly: boolean;
}

export type StoreOperation = 'get' | 'set' | 'delete' | 'keys';

export type ToWorker =
  | { readonly type: 'ping' }
  | { readonly type: 'reload'; readonly id: number; readonly config: unknown }
  | { readonly type: 'stop'; readonly id: number }
  | { readonly type: 'call'; readonly id: number; readonly command: string; readonly argument: unknown }
  | Reply;

export type FromWorker =
  | { readonly type: 'pong' }
  | { readonly type: 'ready'; readonly name: string; readonly commands: readonly string[]; readonly reloads: boolean }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'failed'; readonly error: ErrorBody }
  | { readonly type: 'health'; readonly ok: boolean; readonly message: string }
  | {
      readonly type: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: 'store';
      readonly id: number;
      readonly shared: boolean;
      readonly operation: StoreOperation;
      readonly key: string;
      readonly value: unknown;
    }
  | Reply;

export interface Reply {
  readonly type: 'reply';
  readonly id: number;
  readonly value?: unknown;
  readonly error?: ErrorBody;
}
