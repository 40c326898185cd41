import type { TokenRole } from './tokens.ts';

/** A session of the web UI. */
export interface SessionInfo {
  /** Of the token it was begun with. */
  readonly name: string;
  readonly role: TokenRole;
  /** Goes into the header x-csrf-token of every change. */
  readonly csrf: string;
}
