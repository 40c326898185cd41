import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BpfMap } from '../../src/ebpf/index.ts';
import { formatAddress4 } from '../../src/model/prefixes.ts';
import { createRemote } from '../../src/sdk/remote.ts';
import type { Netxfw } from '../../src/sdk/types.ts';
import { Instance, NETXFW } from '../../test/support/instance.ts';
import { settled, Wire } from '../live/wire.ts';
import { Handles } from './handles.ts';
import { type Finished, timed } from './processes.ts';
import { randomHosts4 } from './sources.ts';

const FRAMES = 20_000;
const PATIENCE = 10;

/** A daemon on a wire of its own. */
export class Daemon implements Disposable {
  readonly wire = new Wire();
  readonly instance: Instance;
  readonly #handles = new Handles();
  #sdk: Netxfw | undefined;

  constructor(name: string) {
    this.instance = new Instance(this.wire.lab, name);
  }

  get pid(): number {
    return this.instance.daemon.pid;
  }

  /** A client of the socket in this process. */
  get sdk(): Netxfw {
    this.#sdk ??= createRemote({ socket: this.instance.socket });
    return this.#sdk;
  }

  /** Starts it. @returns milliseconds until its socket answers */
  async start(): Promise<number> {
    const started = performance.now();
    await this.instance.start();
    return performance.now() - started;
  }

  /** The daemon ends; with `maps`, what is in the kernel ends with it. */
  async end(maps: 'stay' | 'go'): Promise<void> {
    await this.#sdk?.close();
    this.#sdk = undefined;
    await this.instance.stop();
    if (maps === 'go') await this.instance.reboot();
  }

  /** A list as `rule import` reads it. @returns its name */
  write(hosts: Uint32Array): string {
    const file = join(this.wire.lab.directory, 'hosts.txt');
    writeFileSync(file, `${Array.from(hosts, formatAddress4).join('\n')}\n`);
    return file;
  }

  /** Kernel memory of these maps together, bytes. */
  kernelMemory(maps: readonly string[]): number {
    return maps.reduce((sum, name) => {
      using map = BpfMap.openPinned(join(this.instance.pinPath, name));
      return sum + map.memory();
    }, 0);
  }

  /** `netxfw rule import deny FILE`, as a user would. */
  import(file: string): Promise<Finished> {
    const { instance } = this;
    return timed(instance.at, [NETXFW, '-c', instance.configFile, 'rule', 'import', 'deny', file]);
  }

  /** @throws Error unless so many rules are there, and packets from these hosts are dropped, and from others are not */
  async expectDenied(hosts: Uint32Array): Promise<void> {
    const { rules } = await this.sdk.system.status();
    if (rules.deny !== hosts.length) throw new Error(`${rules.deny} rules are in force, not ${hosts.length}`);
    const others = randomHosts4(FRAMES, 77, undefined, new Set(hosts));
    for (const [sources, dropped] of [
      [hosts, true],
      [others, false],
    ] as const) {
      const { received, passed } = await this.#pass(sources);
      if (passed !== (dropped ? 0 : received)) throw new Error(`${passed} of ${received} packets passed`);
    }
  }

  async #pass(hosts: Uint32Array): Promise<{ readonly received: number; readonly passed: number }> {
    const { wire } = this;
    const before = { received: wire.received(), passed: wire.passed() };
    const generator = wire.generator({ from: 'hosts4', hosts }, 'host');
    for (let tries = 0; wire.received() === before.received && tries < PATIENCE; tries++) generator.send(FRAMES);
    const received = await settled(() => wire.received() - before.received, FRAMES);
    await sleep(20);
    return { received, passed: await settled(() => wire.passed() - before.passed, received) };
  }

  [Symbol.dispose](): void {
    this.#handles[Symbol.dispose]();
    this.instance.daemon.signal('SIGKILL');
    this.wire[Symbol.dispose]();
  }
}
