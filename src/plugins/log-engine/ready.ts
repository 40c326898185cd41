import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import { type LogEngineConfig, type LogRule, logRuleSchema, type ReadyRules } from '../../model/config-log.ts';
import { NetxfwError } from '../../model/errors.ts';

const fileSchema = z.strictObject({ rules: z.array(logRuleSchema).min(1) });

/** Reads a YAML file of log rules. @throws NetxfwError FILE_NOT_FOUND, CONFIG_INVALID */
export function readRuleFile(file: string): LogRule[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new NetxfwError('FILE_NOT_FOUND', `there is no rule file ${file}`, { cause: error });
  }
  const result = fileSchema.safeParse(parsed(text, file));
  if (result.success) return result.data.rules;
  const issue = result.error.issues[0]!;
  throw new NetxfwError('CONFIG_INVALID', `${file}: ${issue.path.join('.')}: ${issue.message}`);
}

function parsed(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new NetxfwError('CONFIG_INVALID', `${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** The names of the rules that come with netxfw. */
export function readyNames(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}

/** Ready rules with what the configuration changes of them. @throws NetxfwError CONFIG_INVALID */
export function readyRules({ name, ...changes }: ReadyRules, directory: string): LogRule[] {
  const names = readyNames(directory);
  if (!names.includes(name)) {
    throw new NetxfwError('CONFIG_INVALID', `there are no ready log rules ${name}`, {
      hint: `There are ${names.join(', ')}.`,
    });
  }
  return readRuleFile(`${directory}/${name}.yaml`).map((rule) => logRuleSchema.parse({ ...rule, ...changes }));
}

/** Every rule that a configuration names. @throws NetxfwError CONFIG_INVALID */
export function allRules({ ready, rules }: Pick<LogEngineConfig, 'ready' | 'rules'>, directory: string): LogRule[] {
  const all = [...ready.flatMap((one) => readyRules(one, directory)), ...rules];
  const ids = new Set<string>();
  for (const { id } of all) {
    if (ids.has(id)) throw new NetxfwError('CONFIG_INVALID', `two log rules are called ${id}`);
    ids.add(id);
  }
  return all;
}
