import { existsSync } from 'node:fs';
import type { Config } from '../model/config.ts';
import { interfaceNames } from './interface-names.ts';
import { planListeners } from './listen-plan.ts';
import { checkPlugins, type PluginPrograms } from './plugins.ts';
import { readSettings } from './settings.ts';

export interface CheckReport {
  /** Absolute path of the file that was read, or would be. */
  readonly file: string;
  /** What is allowed and yet may not be what was meant. */
  readonly notes: readonly string[];
}

export interface CheckOptions {
  readonly config?: string | undefined;
  readonly pluginPrograms?: PluginPrograms;
}

/**
 * Reads the configuration as a start would, and has plugins look at theirs.
 * @throws NetxfwError CONFIG_NOT_FOUND, FILE_UNREADABLE, CONFIG_INVALID
 */
export async function check({ config: path, pluginPrograms }: CheckOptions = {}): Promise<CheckReport> {
  const settings = readSettings(path);
  const { config, configFile } = settings;
  if (config.plugins.length > 0) await checkPlugins(settings, pluginPrograms);
  const missing = existsSync(configFile) ? [] : [`there is no ${configFile}: every key has its default`];
  return { file: configFile, notes: [...missing, ...interfaceNotes(config), ...listenerNotes(config)] };
}

function interfaceNotes({ base }: Config): string[] {
  const there = interfaceNames();
  return base.interfaces
    .filter((name) => !there.includes(name))
    .map((name) => `base.interfaces: there is no interface ${name} now`);
}

function listenerNotes(config: Config): string[] {
  // Whether there are tokens is not a matter of this file.
  return planListeners(config, 1).flatMap(({ problem }) => problem ?? []);
}
