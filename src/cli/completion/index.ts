import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { completionNodes } from './nodes.ts';
import { zshScript } from './zsh.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** A completion script for the whole command table. */
export async function completionScript(shell: Shell): Promise<string> {
  return SCRIPTS[shell](await completionNodes());
}
