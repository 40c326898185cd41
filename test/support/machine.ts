import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Namespace } from './netns.ts';
import { ownedDirectory } from './owned.ts';
import { type Background, type RunOptions, type RunResult, run, until } from './process.ts';

const MACHINE = fileURLToPath(new URL('machine.sh', import.meta.url));

/** Where a machine sees the directory that it shares with the test. */
export const SHARED = '/mnt/shared';

/**
 * A copy of this system that forgets everything: its own files, processes, mounts, cgroups and bpffs, on the network of a
 * namespace, with systemd as process 1. What it does to its disk never reaches this one's.
 */
export class Machine {
  /** Same directory as SHARED inside. */
  readonly shared: string;
  readonly #at: Namespace;
  readonly #directory: string;
  #unshare: Background | undefined;
  #init: number | undefined;

  constructor(at: Namespace) {
    this.#at = at;
    const directory = ownedDirectory('machine');
    this.#directory = join(directory, 'disk');
    this.shared = join(directory, 'shared');
    for (const path of [this.#directory, this.shared]) mkdirSync(path);
  }

  /**
   * Runs `setup` as a shell script, then boots as far as basic.target. No service of the copied system is started that
   * does not belong to that.
   */
  async boot(setup: string): Promise<void> {
    const script = `set -e\n${setup}\nexport container=other\nexec /lib/systemd/systemd --system --unit=basic.target --log-target=journal`;
    const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--uts', '--ipc', '--cgroup'];
    const machine = [MACHINE, this.#directory, this.shared, '/bin/bash', '-c', script];
    const unshare = this.#at.start(['unshare', ...namespaces, ...machine]);
    this.#unshare = unshare;
    await until(
      'the machine to boot',
      async () => {
        if (unshare.status !== undefined) throw new Error(`the machine ended\n${unshare.stdout}${unshare.stderr}`);
        if (this.#findInit() === undefined) return false;
        const { stdout } = await this.run(['systemctl', 'is-active', 'basic.target']);
        return stdout.trim() === 'active';
      },
      120_000,
    );
  }

  /** Runs a command inside. */
  run(command: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const inside = ['nsenter', `--target=${this.#findInit()}`, '--all', '--root', 'env', '--chdir=/', ...command];
    return run(inside, { timeout: 120_000, ...options });
  }

  /** Runs a command inside that must succeed. @returns stdout */
  async ok(...command: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.run(command);
    if (status !== 0) throw new Error(`${command.join(' ')}: exit code ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  async dispose(): Promise<void> {
    await this.#unshare?.stop('SIGKILL');
  }

  /** Process 1 of the machine, once it is systemd. */
  #findInit(): number | undefined {
    if (this.#init === undefined && this.#unshare !== undefined) {
      const { pid } = this.#unshare;
      const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
      if (child > 0 && readFileSync(`/proc/${child}/comm`, 'utf8').trim() === 'systemd') this.#init = child;
    }
    return this.#init;
  }
}
