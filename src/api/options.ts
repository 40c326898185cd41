import type { FastifyBaseLogger } from 'fastify';
import type { TellAudit } from './hooks/audit.ts';
import type { Access } from './hooks/auth.ts';
import type { Observe } from './hooks/observe.ts';

export interface AppLimits {
  /** Largest JSON body, bytes. */
  readonly body: number;
  /** Largest import body, bytes. */
  readonly import: number;
  /** Largest head of a request, bytes. */
  readonly headers: number;
  /** Time for a request's head and for the whole request, milliseconds. */
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** A connection on which nothing moves is closed after this time, milliseconds. */
  readonly idleTimeout: number;
  /** Most connections at once; further ones are closed at once. */
  readonly connections: number;
  /** Most of them from one address (IPv6: one /64) that is not this host's own. */
  readonly connectionsPerPeer: number;
}

export const DEFAULT_LIMITS: AppLimits = {
  body: 32 * 1024 * 1024,
  import: 512 * 1024 * 1024,
  headers: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 300_000,
  idleTimeout: 120_000,
  connections: 512,
  connectionsPerPeer: 64,
};

/** A certificate with its chain, and its key, as PEM. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface AppOptions {
  /** Says whose a token is. Without it everybody who can connect may do everything: only for a socket of the owner. */
  readonly access?: Access;
  /** Names of this host, in lower case, by which a browser may call it besides its addresses and localhost. */
  readonly names?: () => readonly string[];
  /** Serve the web UI: sessions, and the files of this directory when it exists. Needs `access`. */
  readonly ui?: { readonly directory: string };
  readonly tls?: TlsFiles;
  /** Serve a description of the API, and a page to browse it. */
  readonly documented?: boolean;
  /** Serve /metrics with this text. */
  readonly metrics?: () => Promise<string>;
  /** Told of every change, and of every caller that was refused. */
  readonly audit?: TellAudit;
  /** Told of every answer. */
  readonly observe?: Observe;
  readonly limits?: Partial<AppLimits>;
  readonly logger?: FastifyBaseLogger;
  /** Check every answer against its schema. Costs time in proportion to the answer: for tests. */
  readonly checkAnswers?: boolean;
}
