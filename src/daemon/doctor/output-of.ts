import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Nobody waits longer for what a program has to say, milliseconds. */
const PATIENCE = 5000;

/** What a program prints; null when it is not installed, or has nothing good to say. The daemon goes on meanwhile. */
export async function outputOf(program: string, args: readonly string[]): Promise<string | null> {
  try {
    return (await run(program, args, { encoding: 'utf8', timeout: PATIENCE })).stdout;
  } catch {
    return null;
  }
}
