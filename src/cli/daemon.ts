import { NetxfwError } from '../model/errors.ts';
import type { Netxfw } from '../sdk/types.ts';
import type { Context } from './context.ts';

/**
 * The daemon, for commands that go on: without one they would hold the lock of the only writer, and nobody else could
 * change anything meanwhile.
 * @param what needs it, in words
 * @throws NetxfwError DAEMON_UNREACHABLE
 */
export async function requireDaemon(context: Context, what: string): Promise<Netxfw> {
  const sdk = await context.sdk();
  const { daemon } = await sdk.system.status();
  if (daemon) return sdk;
  throw new NetxfwError('DAEMON_UNREACHABLE', `${what} from the daemon, and none runs`);
}
