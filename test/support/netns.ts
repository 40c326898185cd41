import { onCleanup } from './cleanup.ts';
import { ownedName, removeNamespace } from './owned.ts';
import { type Background, must, mustSync, type RunOptions, type RunResult, run, runSync, start } from './process.ts';

/** A network namespace of its own with the loopback interface up; removed on dispose or cleanup. */
export class Namespace {
  readonly name: string;
  readonly #remove: () => void;

  constructor(label: string) {
    this.name = ownedName(label);
    mustSync(['ip', 'netns', 'add', this.name]);
    this.#remove = onCleanup(() => removeNamespace(this.name));
    this.ip('link', 'set', 'lo', 'up');
  }

  /** `ip` on this namespace. @returns stdout */
  ip(...args: string[]): string {
    return mustSync(['ip', '-n', this.name, ...args]);
  }

  run(command: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return run(command, { ...options, netns: this.name });
  }

  must(command: readonly string[], options: RunOptions = {}): Promise<string> {
    return must(command, { ...options, netns: this.name });
  }

  runSync(command: readonly string[], options: RunOptions = {}): RunResult {
    return runSync(command, { ...options, netns: this.name });
  }

  start(command: readonly string[], options: RunOptions = {}): Background {
    return start(command, { ...options, netns: this.name });
  }

  /** A figure of /sys/class/net/NAME/statistics, for example rx_packets. */
  counter(device: string, name: string): number {
    const stats = JSON.parse(this.ip('-j', '-s', 'link', 'show', 'dev', device)) as [
      { stats64: { rx: Record<string, number>; tx: Record<string, number> } },
    ];
    const [direction, figure] = name.split('_', 2) as ['rx' | 'tx', string];
    return stats[0].stats64[direction][figure]!;
  }

  dispose(): void {
    this.#remove();
  }
}
