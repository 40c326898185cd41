import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '../model/config.ts';
import { pathsOf } from '../model/paths.ts';
import { PluginHost, type PluginSpec } from '../plugins/host.ts';
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

/** The plugins that a configuration wants. */
export function pluginSpecs(config: Config, configFile: string): PluginSpec[] {
  const own = config.plugins.map(({ module, config: section }) => {
    const path = isAbsolute(module) ? module : resolve(join(dirname(configFile), module));
    return { module: pathToFileURL(path).href, label: path, config: section };
  });
  return [...builtIn(config, pathsOf(config).stateDir), ...own];
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
