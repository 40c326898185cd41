import type { Config } from '../model/config.ts';
import { parseDuration } from '../model/durations.ts';
import { NetxfwError } from '../model/errors.ts';

type Value = string | boolean;

/** One switch of `netxfw security`: a key of config.yaml under a short name. */
export interface SecuritySwitch {
  readonly name: string;
  /** What it does when it is on. */
  readonly about: string;
  readonly key: string;
  /** The words that set it, with what they set; without them it takes a duration. */
  readonly words?: Readonly<Record<string, Value>>;
  /** Keys of the budget that belongs to it. */
  readonly budget?: { readonly rate: string; readonly burst: string };
}

const ON_OFF = { on: true, off: false } as const;

export const SWITCHES = [
  {
    name: 'default-deny',
    about: 'drop what no rule, open port or tracked connection allows',
    key: 'base.default_deny',
    words: ON_OFF,
  },
  { name: 'fragments', about: 'drop all IP fragments', key: 'base.drop_fragments', words: ON_OFF },
  { name: 'strict-tcp', about: 'drop TCP segments with impossible flags', key: 'base.strict_tcp', words: ON_OFF },
  { name: 'bogon', about: 'drop sources that cannot occur on the Internet', key: 'base.bogon_filter', words: ON_OFF },
  {
    name: 'anti-spoof',
    about: 'drop sources that cannot come from this wire',
    key: 'base.anti_spoof',
    words: { off: 'off', basic: 'basic', strict: 'strict' },
  },
  {
    name: 'syn-limit',
    about: 'limit new TCP connections of each source',
    key: 'rate_limit.syn_limit.enabled',
    words: ON_OFF,
    budget: { rate: 'rate_limit.syn_limit.rate', burst: 'rate_limit.syn_limit.burst' },
  },
  {
    name: 'icmp',
    about: 'answer ping and other ICMP under default deny, within a budget',
    key: 'base.allow_icmp',
    words: ON_OFF,
    budget: { rate: 'base.icmp_rate', burst: 'base.icmp_burst' },
  },
  {
    name: 'auto-block',
    about: 'block sources for a while that exceed their budget',
    key: 'rate_limit.auto_block',
    words: ON_OFF,
  },
  {
    name: 'auto-block-expiry',
    about: 'how long they are blocked',
    key: 'rate_limit.auto_block_expiry',
  },
  {
    name: 'monitor',
    about: 'count and report what would be dropped, and drop nothing',
    key: 'mode',
    words: { on: 'monitor', off: 'enforce' },
  },
] as const satisfies readonly SecuritySwitch[];

export type SwitchName = (typeof SWITCHES)[number]['name'];

/** A switch as it stands. */
export interface SwitchState {
  readonly name: string;
  readonly key: string;
  /** As it is typed: `on`, `strict`, `5m`. */
  readonly value: string;
  /** Packets a second and at once, where it has a budget. */
  readonly rate?: number;
  readonly burst?: number;
}

export function stateOf({ name, key, words, budget }: SecuritySwitch, config: Config): SwitchState {
  const set = valueAt(config, key);
  const word = Object.keys(words ?? {}).find((candidate) => words![candidate] === set);
  const figures = budget && {
    rate: Number(valueAt(config, budget.rate)),
    burst: Number(valueAt(config, budget.burst)),
  };
  return { name, key, value: word ?? String(set), ...figures };
}

/** What the word sets. @throws NetxfwError INVALID_DURATION; words are checked by the command line */
export function settingOf({ words }: SecuritySwitch, word: string): Value {
  if (words === undefined) {
    parseDuration(word);
    return word;
  }
  const value = words[word];
  if (value === undefined) throw new NetxfwError('USAGE', `"${word}" is not ${Object.keys(words).join(' or ')}`);
  return value;
}

function valueAt(config: Config, key: string): unknown {
  return key.split('.').reduce<unknown>((section, part) => (section as Record<string, unknown>)[part], config);
}
