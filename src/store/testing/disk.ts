import type { Files } from '../files.ts';

interface Inode {
  content: Buffer;
  /** What a power failure leaves. */
  durable: Buffer;
  readonly mode: number;
}

export type Call = Exclude<keyof Files, 'read' | 'mode'>;

/** Throws instead of the call it is asked about, or lets it happen. `n` counts calls that write, from 1. */
export type Fault = (call: Call, n: number) => void;

/** The process is gone: no call after it happens. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** A file system in memory that knows what a power failure would leave, and fails where it is told to. */
export class Disk implements Files {
  names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  readonly #open = new Map<number, Inode>();
  #nextFd = 3;
  calls = 0;
  fault: Fault = () => {};

  #called(call: Call): void {
    this.fault(call, ++this.calls);
  }

  #inode(path: string): Inode {
    const inode = this.names.get(path);
    if (inode === undefined) throw systemError('ENOENT');
    return inode;
  }

  #opened(inode: Inode): number {
    this.#open.set(this.#nextFd, inode);
    return this.#nextFd++;
  }

  get openFiles(): number {
    return this.#open.size;
  }

  create(path: string, mode: number): number {
    this.#called('create');
    const inode = { content: Buffer.alloc(0), durable: Buffer.alloc(0), mode };
    this.names.set(path, inode);
    return this.#opened(inode);
  }

  open(path: string): number {
    this.#called('open');
    return this.#opened(this.#inode(path));
  }

  write(fd: number, bytes: Uint8Array, offset: number, position: number): number {
    const inode = this.#open.get(fd)!;
    // Half of it first, so that a fault leaves half a record.
    const count = Math.ceil((bytes.length - offset) / 2);
    const end = position + count;
    if (inode.content.length < end)
      inode.content = Buffer.concat([inode.content, Buffer.alloc(end - inode.content.length)]);
    else inode.content = Buffer.from(inode.content);
    inode.content.set(bytes.subarray(offset, offset + count), position);
    this.#called('write');
    return count;
  }

  truncate(fd: number, length: number): void {
    this.#called('truncate');
    const inode = this.#open.get(fd)!;
    inode.content = Buffer.from(inode.content.subarray(0, length));
  }

  fsync(fd: number): void {
    this.#called('fsync');
    const inode = this.#open.get(fd)!;
    inode.durable = inode.content;
  }

  close(fd: number): void {
    this.#open.delete(fd);
    this.#called('close');
  }

  rename(from: string, to: string): void {
    this.#called('rename');
    this.names.set(to, this.#inode(from));
    this.names.delete(from);
  }

  link(from: string, to: string): void {
    this.#called('link');
    this.names.set(to, this.#inode(from));
  }

  remove(path: string): void {
    this.#called('remove');
    this.names.delete(path);
  }

  fsyncDirectory(): void {
    this.#called('fsyncDirectory');
    this.#durableNames = new Map(this.names);
  }

  makeDirectory(): void {
    this.#called('makeDirectory');
  }

  read(path: string): Buffer | null {
    const inode = this.names.get(path);
    return inode === undefined ? null : Buffer.from(inode.content);
  }

  mode(path: string): number | null {
    return this.names.get(path)?.mode ?? null;
  }

  put(path: string, content: string | Uint8Array): void {
    const bytes = Buffer.from(content);
    this.names.set(path, { content: bytes, durable: bytes, mode: 0o600 });
    this.#durableNames.set(path, this.names.get(path)!);
  }

  text(path: string): string {
    return this.#inode(path).content.toString('utf8');
  }

  /** The disk as a process that was killed leaves it. */
  afterKill(): Disk {
    return this.#copy(this.names, ({ content }) => content);
  }

  /**
   * The disk after a power failure: what was not made durable is there, missing, cut off or zero, as `choose` says.
   * @param choose a number from 0 (included) to its argument (excluded)
   */
  afterPowerFailure(choose: (options: number) => number): Disk {
    return this.#copy(choose(2) === 0 ? this.#durableNames : this.names, ({ content, durable }) => {
      if (content.equals(durable)) return content;
      switch (choose(4)) {
        case 0:
          return durable;
        case 1:
          return content;
        case 2:
          return content.subarray(0, durable.length + choose(Math.max(1, content.length - durable.length)));
        default: {
          const zeroed = Buffer.from(content);
          return zeroed.fill(0, Math.min(durable.length, zeroed.length));
        }
      }
    });
  }

  #copy(names: ReadonlyMap<string, Inode>, contentOf: (inode: Inode) => Buffer): Disk {
    const disk = new Disk();
    const contents = new Map<Inode, Buffer>();
    for (const [path, inode] of names) {
      if (!contents.has(inode)) contents.set(inode, contentOf(inode));
      disk.put(path, contents.get(inode)!);
    }
    return disk;
  }
}
