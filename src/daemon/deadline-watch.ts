import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NetxfwError } from '../model/errors.ts';
import { ConfirmFile, type PendingUndo } from '../store/confirm.ts';

/** Later than the deadline by this, milliseconds, so that it is over whatever the clocks say. */
const AFTER = 200;
/** Waits, then runs the command that stands in its arguments. */
const WAIT = `
setTimeout(() => {
  const [program, ...args] = process.argv.slice(2);
  require('node:child_process').spawn(program, args, { stdio: 'ignore' });
}, Number(process.argv[1]));
`;

/** What waits for confirmation where no daemon looks after it: nothing may, unless somebody else can. */
export class WatchedConfirm extends ConfirmFile {
  readonly #program: () => string | null;

  constructor(path: string, program = programFile) {
    super(path);
    this.#program = program;
  }

  override save(undo: PendingUndo): void {
    if (this.#program() === null) {
      const why = 'nobody would undo the change in time: no daemon runs, and bin/netxfw is missing';
      throw new NetxfwError('DAEMON_UNREACHABLE', why, {
        hint: 'Start the daemon (netxfw system daemon), or make the change without --confirm.',
      });
    }
    super.save(undo);
  }
}

/**
 * Leaves a process behind that looks at the firewall once the deadline is over: without a daemon nobody else would, and every
 * opening undoes what was not confirmed. A session of its own, so that it survives the end of the one that began it.
 */
export function watchDeadline(configFile: string, deadline: Date): void {
  const program = programFile();
  if (program === null) return;
  const wait = String(Math.max(0, deadline.getTime() - Date.now()) + AFTER);
  const args = ['-e', WAIT, wait, program, '-c', configFile, 'status', '--json'];
  spawn(process.execPath, args, { detached: true, stdio: 'ignore', cwd: '/' }).unref();
}

/** bin/netxfw of the checkout or package that this code, compiled or not, belongs to. */
function programFile(): string | null {
  for (let current = dirname(fileURLToPath(import.meta.url)); ; current = dirname(current)) {
    const path = join(current, 'bin', 'netxfw');
    if (existsSync(path)) return path;
    if (current === dirname(current)) return null;
  }
}
