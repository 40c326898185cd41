import { remoteApi } from './remote-api.ts';
import { HttpClient, type RemoteTarget } from './remote-http.ts';
import type { Netxfw } from './types.ts';

export type { RemoteTarget } from './remote-http.ts';

/**
 * netxfw behind a socket or URL. Nothing is sent until the first call; connections are kept and reused, and do not keep
 * the process alive. Every method rejects with the NetxfwError of the other side, or with DAEMON_UNREACHABLE.
 */
export function createRemote(target: RemoteTarget): Netxfw {
  const http = new HttpClient(target);
  return remoteApi(http, () => http.close());
}
