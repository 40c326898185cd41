import { configChanges } from '../engine/config-changes.ts';
import { type Config, defaultConfig } from '../model/config.ts';
import { NetxfwError } from '../model/errors.ts';
import { pathsOf } from '../model/paths.ts';
import { parseConfig } from '../store/config-file.ts';
import { ConfigFileSource } from '../store/config-source.ts';
import { refuseCutOff } from '../store/cut-off.ts';
import type { FilterDriver } from './filter.ts';
import { type Overrides, overridden, readSettings, type Settings, salvageSettings } from './settings.ts';

export interface StartSettings {
  readonly settings: Settings;
  /** Why they are not those of the file; null when they are. */
  readonly problem: string | null;
}

/**
 * The settings to start with. A configuration that is broken is refused while the filter of an earlier start is in force.
 * When there is none, as at boot, a host without a filter would be worse: then the one that was last in force is taken.
 * @throws NetxfwError CONFIG_NOT_FOUND, CONFIG_INVALID, FILE_UNREADABLE
 */
export function startSettings(
  configFile: string | undefined,
  overrides: Overrides,
  driver: FilterDriver,
): StartSettings {
  try {
    const settings = readSettings(configFile, overrides);
    refuseCutOff(settings.text, appliedOf(settings).readApplied(), settings.configFile);
    return { settings, problem: null };
  } catch (error) {
    const problem = NetxfwError.from(error);
    if (problem.code === 'CONFIG_NOT_FOUND') throw problem;
    const settings = lastInForce(configFile, overrides);
    if (settings === null || isLoaded(driver, settings)) throw problem;
    const { appliedConfigFile } = settings.paths;
    return {
      settings,
      problem: `${problem.message}: ${appliedConfigFile}, which was last in force, is followed instead; correct the file and run \`netxfw reload\``,
    };
  }
}

/** Says what has changed in the file since it was last in force, so that nothing does so unseen. */
export function changesSince(settings: Settings): string[] {
  const text = appliedOf(settings).readApplied();
  if (text === undefined || text === settings.text) return [];
  try {
    const changes = configChanges(configOf(text, settings), settings.config);
    if (changes.length === 0) return [];
    const said = changes.map((change) => change.text).join('; ');
    return [`${settings.configFile} has changed since it was last in force: ${said}`];
  } catch {
    // Another version of netxfw may have followed it.
    return [];
  }
}

function lastInForce(configFile: string | undefined, overrides: Overrides): Settings | null {
  const salvaged = { ...salvageSettings(configFile), overrides };
  const text = appliedOf(salvaged).readApplied();
  if (typeof text !== 'string') return null;
  try {
    const config = configOf(text, salvaged);
    return { configFile: salvaged.configFile, text, overrides, config, paths: pathsOf(config) };
  } catch {
    return null;
  }
}

function configOf(text: string | null, { paths, overrides }: Settings): Config {
  return overridden(text === null ? defaultConfig() : parseConfig(text, paths.appliedConfigFile), overrides);
}

function appliedOf({ configFile, paths }: Settings): ConfigFileSource {
  return new ConfigFileSource(configFile, paths.appliedConfigFile);
}

function isLoaded(driver: FilterDriver, settings: Settings): boolean {
  try {
    const dataplane = driver.open(settings);
    dataplane?.close();
    return dataplane !== null;
  } catch {
    // There is something, whatever it is.
    return true;
  }
}
