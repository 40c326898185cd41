import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '../model/config.ts';
import { NetxfwError } from '../model/errors.ts';
import { pathsOf } from '../model/paths.ts';
import { PluginHost, type PluginSpec, type PluginValues } from '../plugins/host.ts';
import { type ConfigProblem, invalid, lineOfKey } from '../store/config-file.ts';
import { PluginValuesFile } from '../store/plugin-values.ts';
import type { Logger } from './log.ts';
import type { Settings } from './settings.ts';

/** Where the programs of plugins are; replaced in tests, which run without a build. */
export interface PluginPrograms {
  readonly workerFile: URL | string;
  readonly library: URL | string;
}

/** Both lie beside the daemon in its bundle. */
const BUNDLED: PluginPrograms = {
  workerFile: new URL('./plugin-worker.js', import.meta.url),
  library: new URL('./plugin.js', import.meta.url),
};

/** Nothing that is only looked at keeps anything. */
const NO_VALUES: PluginValues = { get: () => undefined, set: () => {}, delete: () => false, keys: () => [] };

/** The host for the plugins of one daemon; `apply` starts them. */
export function createPluginHost({ paths }: Settings, log: Logger, programs: PluginPrograms = BUNDLED): PluginHost {
  const values = new PluginValuesFile(paths.pluginValuesFile);
  if (values.warning !== null) log.warn(values.warning);
  return new PluginHost({
    ...programs,
    socket: paths.socket,
    values,
    log: (level, plugin, message, fields) => log[level]({ plugin, ...fields }, message),
  });
}

/**
 * Has the modules under `plugins:` look at their sections, without starting anything.
 * @throws NetxfwError CONFIG_INVALID
 */
export async function checkPlugins(
  { config, configFile, text, paths }: Settings,
  programs: PluginPrograms = BUNDLED,
): Promise<void> {
  const { socket } = paths;
  const host = new PluginHost({ ...programs, socket, values: NO_VALUES, log: () => {} });
  const problems: ConfigProblem[] = [];
  for (const [i, spec] of ownSpecs(config, configFile).entries()) {
    await host.validate([spec]).catch((error: unknown) => {
      const line = lineOfKey(text ?? '', ['plugins', i]);
      problems.push({ line, key: `plugins[${i}]`, message: `cannot be used: ${NetxfwError.from(error).message}` });
    });
  }
  if (problems.length > 0) throw invalid(configFile, problems);
}

/** The plugins that a configuration wants. */
export function pluginSpecs(config: Config, configFile: string): PluginSpec[] {
  return [...builtIn(config, pathsOf(config).stateDir), ...ownSpecs(config, configFile)];
}

function ownSpecs(config: Config, configFile: string): PluginSpec[] {
  return config.plugins.map(({ module, config: section }) => {
    const path = isAbsolute(module) ? module : resolve(join(dirname(configFile), module));
    return { module: pathToFileURL(path).href, label: path, config: section };
  });
}

function builtIn({ log_engine, feeds, crowdsec }: Config, stateDir: string): PluginSpec[] {
  const specs: PluginSpec[] = [];
  const directory = `${stateDir}/feeds`;
  const countries = [...feeds.countries.deny, ...feeds.countries.allow];
  // Also without lists any more when there were some: what they brought has to go.
  if (feeds.lists.length + countries.length > 0 || existsSync(directory)) {
    specs.push({ module: 'netxfw:feeds', label: 'feeds', config: { feeds, directory } });
  }
  if (crowdsec.enabled) specs.push({ module: 'netxfw:crowdsec', label: 'crowdsec', config: crowdsec });
  if (log_engine.enabled) specs.push({ module: 'netxfw:log-engine', label: 'log-engine', config: log_engine });
  return specs;
}
