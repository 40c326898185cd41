import { formatDuration, parseDuration } from '../model/durations.ts';
import { NetxfwError } from '../model/errors.ts';
import { type ChangeOptions, RISKS, type Risk } from '../model/operations.ts';
import type { Netxfw } from '../sdk/types.ts';
import { ask } from './ask.ts';
import type { Context } from './context.ts';
import { originOf, sessionPeers } from './session.ts';

const MAX_CONFIRM = 86_400;

/** Option of every command that may cut its caller off. */
export const RISK_OPTION = {
  'accept-risk': {
    value: 'RISK',
    many: true,
    choices: RISKS,
    help: 'do it although it may cut off your own session',
  },
} as const;

/** Options of commands that change rules or configuration. */
export const CHANGE_OPTIONS = {
  ...RISK_OPTION,
  confirm: { value: 'DURATION', help: 'undo it after this time unless `netxfw confirm` follows' },
} as const;

export interface ChangeInput {
  readonly 'accept-risk': readonly Risk[];
  readonly confirm?: string | undefined;
}

export interface ChangeManner {
  /** It cannot be tried again: its data has been read. */
  readonly once?: boolean;
  /** Changes that it is made of, one after the other; only a single one can wait for a confirmation. */
  readonly steps?: number;
}

/**
 * Makes a change with what this caller is and accepts. A change that may cut the caller off is asked about on a terminal
 * and refused elsewhere.
 */
export async function change<T>(
  context: Context,
  input: ChangeInput,
  apply: (sdk: Netxfw, options: ChangeOptions) => Promise<T>,
  { once = false, steps = 1 }: ChangeManner = {},
): Promise<T> {
  const options = changeOptions(context, input);
  if (options.confirm !== undefined && steps > 1) {
    throw new NetxfwError('USAGE', `--confirm is for one change, and these are ${steps}, one after the other`, {
      hint: 'Give them one by one, or edit config.yaml and run: netxfw reload --confirm DURATION',
    });
  }
  const sdk = await context.sdk();
  const result = await apply(sdk, options).catch(async (error) => {
    const risk = error instanceof NetxfwError && error.code === 'LOCKOUT_RISK';
    if (!risk || once || !(await ask(context, error.message))) throw error;
    return apply(sdk, { ...options, acceptRisk: RISKS });
  });
  if (options.confirm !== undefined) {
    context.out.notice(`it is undone in ${formatDuration(options.confirm)} unless you run: netxfw confirm`);
  }
  return result;
}

function changeOptions({ environment }: Context, input: ChangeInput): ChangeOptions {
  const { variables } = environment;
  const protect = sessionPeers(variables, environment.parents());
  const acceptRisk = input['accept-risk'];
  return {
    origin: originOf(variables),
    ...(protect.length > 0 ? { protect } : {}),
    ...(acceptRisk.length > 0 ? { acceptRisk } : {}),
    ...(input.confirm === undefined ? {} : { confirm: confirmTime(input.confirm) }),
  };
}

function confirmTime(text: string): number {
  const seconds = parseDuration(text);
  if (seconds <= MAX_CONFIRM) return seconds;
  throw new NetxfwError('INVALID_DURATION', `--confirm is "${text}": it can be a day at most`);
}
