import type { ListName } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import type { ChangeOptions } from '../model/operations.ts';
import { formatPrefix, parsePrefix } from '../model/prefixes.ts';
import type { RuleRemoval } from '../model/rules.ts';
import type { Netxfw } from '../sdk/types.ts';
import { CHANGE_OPTIONS, type ChangeInput, change } from './change.ts';
import type { Context } from './context.ts';
import type { PortRuleChange } from './documents.ts';
import { type Endpoint, formatEndpoint, type PortTarget, parseEndpoint } from './endpoint.ts';
import { ENTRY_OPTIONS, entryFields } from './input.ts';
import { printChanges, printRemoval } from './output/rules.ts';

export const ENDPOINT_HELP = 'address or network, or one with ports: 192.0.2.0/24:443/tcp, [2001:db8::1]:22';

/** Options of every command that adds entries. */
export const ADD_OPTIONS = { ...ENTRY_OPTIONS, ...CHANGE_OPTIONS } as const;

interface AddInput extends ChangeInput {
  readonly ttl?: string | undefined;
  readonly reason?: string | undefined;
}

type Targeted = Endpoint & { readonly target: PortTarget };

const hasTarget = (endpoint: Endpoint): endpoint is Targeted => endpoint.target !== null;

/** Adds sources to a list, and sources with ports to the ip+port rules. */
export async function addEntries(
  context: Context,
  list: ListName,
  texts: readonly string[],
  input: AddInput,
): Promise<void> {
  const endpoints = texts.map(parseEndpoint);
  const fields = entryFields(input);
  const rules = endpoints.filter(({ target }) => target === null).map(({ prefix }) => ({ list, prefix, ...fields }));
  const targeted = endpoints.filter(hasTarget);
  if (targeted.length > 0 && fields.ttl !== undefined) {
    throw new NetxfwError('USAGE', 'a rule for a port does not end by itself', {
      hint: 'Leave --ttl out, or deny the whole address for a while.',
    });
  }
  const { reason } = fields;
  const add = async (sdk: Netxfw, options: ChangeOptions) => {
    const changes = rules.length === 0 ? [] : await sdk.rules.addMany(rules, options);
    const ports: PortRuleChange[] = [];
    for (const { prefix, target } of targeted) {
      const rule = { prefix, ...target, action: list, ...(reason === undefined ? {} : { reason }) };
      ports.push(await sdk.ports.addRule(rule, options));
    }
    return { changes, ports };
  };
  const steps = targeted.length + (rules.length > 0 ? 1 : 0);
  const changed = await change(context, input, add, { steps });
  await printChanges(context, changed.changes, changed.ports);
}

/** Removes a source, or the rule for a source and its ports. @param list only from this list; undefined = from both */
export async function removeEntry(
  context: Context,
  list: ListName | undefined,
  text: string,
  input: ChangeInput,
): Promise<void> {
  const { prefix, target } = parseEndpoint(text);
  if (target === null) {
    const removal = await change(context, input, (sdk, options) => sdk.rules.remove(prefix, list, options));
    return printRemoval(context, removal);
  }
  const removed = await change(context, input, (sdk, options) => removePortRule(sdk, list, prefix, target, options));
  await printRemoval(context, NOTHING, { ports: [removed] });
}

export const NOTHING: RuleRemoval = { removed: [], notices: [] };

/** @returns what was removed, in words */
export async function removePortRule(
  sdk: Netxfw,
  list: ListName | undefined,
  prefix: string,
  target: PortTarget,
  options: ChangeOptions,
): Promise<string> {
  const name = formatEndpoint(prefix, target);
  const { ports, protocol } = target;
  if (list !== undefined) {
    const same = await findPortRule(sdk, prefix, target);
    if (same !== undefined && same.action !== list) {
      const really = list === 'allow' ? 'denied, not allowed' : 'allowed, not denied';
      throw new NetxfwError('RULE_NOT_FOUND', `${name} is ${really}`, {
        hint: `Remove it with: netxfw ${same.action} del ${name}`,
      });
    }
  }
  await sdk.ports.removeRule(prefix, ports, protocol, options);
  return name;
}

async function findPortRule(sdk: Netxfw, prefix: string, { ports, protocol }: PortTarget) {
  const wanted = formatPrefix(parsePrefix(prefix).prefix);
  const rules = await sdk.ports.listRules();
  return rules.find((rule) => rule.prefix === wanted && rule.ports === ports && rule.protocol === protocol);
}
