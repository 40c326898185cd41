import type { SessionInfo } from '../../../src/model/sessions.ts';
import { remoteApi } from '../../../src/sdk/remote-api.ts';
import { noteOutcome } from './connection.ts';
import { FetchTransport } from './fetch-transport.ts';

const transport = new FetchTransport({ onOutcome: noteOutcome });

/** The firewall behind this page: the same interface that programs and the command line use. */
export const netxfw = remoteApi(transport, () => {});

/** Scripts cannot see the cookie; this says whether asking for a session makes sense. */
const MARKER = 'netxfw-session';

export function mayHaveSession(): boolean {
  return localStorage.getItem(MARKER) !== null;
}

/** The session that the cookie stands for. Rejects with UNAUTHORIZED without one. */
export async function currentSession(): Promise<SessionInfo> {
  return remember(await transport.json<SessionInfo>('GET', '/api/session'));
}

/** @throws NetxfwError UNAUTHORIZED, TOO_MANY_REQUESTS */
export async function logIn(token: string): Promise<SessionInfo> {
  return remember(await transport.json<SessionInfo>('POST', '/api/session', {}, { token }));
}

export async function logOut(): Promise<void> {
  await transport.json('DELETE', '/api/session');
  localStorage.removeItem(MARKER);
  transport.csrf = '';
  noteOutcome('unauthorized');
}

function remember(session: SessionInfo): SessionInfo {
  transport.csrf = session.csrf;
  localStorage.setItem(MARKER, session.name);
  return session;
}
