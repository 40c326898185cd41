import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Tells systemd how the service is (sd_notify(3)); without NOTIFY_SOCKET nothing happens. systemd-notify speaks in its
 * parent's name, so that NotifyAccess=main is enough.
 */
export async function notifySystemd(...states: readonly string[]): Promise<void> {
  if (!process.env.NOTIFY_SOCKET) return;
  await run('systemd-notify', states, { timeout: 5000 });
}
