export type Query = Readonly<Record<string, string | number | boolean | undefined>>;
export type Body = Uint8Array | AsyncIterable<Uint8Array>;
export type Headers = Readonly<Record<string, string>>;

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query?: Query;
  readonly headers?: Headers;
  readonly body?: Body;
  /** Ends the request, and the reading of its answer. */
  readonly signal?: AbortSignal | undefined;
}

/** A way to one daemon: Node's HTTP for programs, fetch for the web UI. Both reject with NetxfwError only. */
export interface Transport {
  /** Sends a JSON body and reads a JSON answer. */
  json<T>(method: string, path: string, query?: Query, body?: unknown, headers?: Headers): Promise<T>;
  /** Waits for the head of an answer that is no error. @returns its body as it arrives; leaving it ends the request */
  open(call: Call): Promise<AsyncIterable<Uint8Array>>;
}
