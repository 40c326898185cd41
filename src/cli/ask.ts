import type { Context } from './context.ts';

/** Option of commands that ask before they remove much. */
export const YES_OPTION = { yes: { short: 'y', help: 'do not ask' } } as const;

/** Somebody sits in front of a terminal who can answer a question. */
function canAsk({ out, environment }: Context): boolean {
  return out.live && environment.stdin.isTTY === true;
}

/**
 * Asks a yes-or-no question.
 * @returns false for every answer but yes, and where nobody can be asked
 */
export async function ask(context: Context, about: string, question = 'Do it all the same?'): Promise<boolean> {
  if (!canAsk(context)) return false;
  context.out.prompt(`${about}\n${question} [y/N] `);
  let answer = '';
  for await (const chunk of context.environment.stdin) {
    answer += Buffer.from(chunk).toString('utf8');
    if (answer.includes('\n')) break;
  }
  return /^y(es)?$/i.test(answer.split('\n')[0]!.trim());
}

/** Asks before much is removed; a script is taken at its word. */
export async function confirmed(context: Context, yes: boolean, about: string): Promise<boolean> {
  return yes || !canAsk(context) || (await ask(context, about, 'Go on?'));
}
