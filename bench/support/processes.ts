import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Namespace } from '../../test/support/netns.ts';

const PEAK_POLL_MS = 15;

/** A figure of /proc/PID/status in bytes, undefined when the process is gone. */
export function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number | undefined {
  try {
    const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match === null ? undefined : Number(match[1]) * 1024;
  } catch {
    return undefined;
  }
}

/** Nanoseconds of processor time that all threads of a process have used. */
export function cpuTime(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    try {
      return sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      return sum;
    }
  }, 0);
}

export interface Finished {
  readonly milliseconds: number;
  /** Largest resident memory seen, bytes. */
  readonly peak: number;
  readonly stdout: string;
}

/** Runs a command to its end in a namespace. @throws Error unless its exit code is 0 */
export function timed(at: Namespace, command: readonly string[]): Promise<Finished> {
  const started = performance.now();
  const child = spawn('nsenter', [`--net=/run/netns/${at.name}`, ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let peak = 0;
  const look = setInterval(() => {
    peak = memoryOf(child.pid!, 'VmHWM') ?? peak;
  }, PEAK_POLL_MS);
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      const milliseconds = performance.now() - started;
      clearInterval(look);
      const text = `${command.slice(0, 5).join(' ')}: exit code ${code}: ${Buffer.concat(err).toString().slice(0, 500)}`;
      if (code !== 0) reject(new Error(text));
      else child.on('close', () => resolve({ milliseconds, peak, stdout: Buffer.concat(out).toString() }));
    });
  });
}
