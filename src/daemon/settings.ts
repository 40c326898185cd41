import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Config, defaultConfig } from '../model/config.ts';
import { NetxfwError } from '../model/errors.ts';
import { DEFAULT_CONFIG_FILE, type Paths, pathsOf } from '../model/paths.ts';
import { readConfig } from '../store/config-file.ts';

/** One instance of netxfw: its configuration and where it keeps its things. */
export interface Settings {
  /** Absolute path; the file may be missing when it is the default one. */
  readonly configFile: string;
  readonly config: Config;
  readonly paths: Paths;
}

/** What a command line may set besides the file. */
export interface Overrides {
  /** Instead of base.interfaces. */
  readonly interfaces?: readonly string[] | undefined;
}

/** @throws NetxfwError CONFIG_NOT_FOUND, CONFIG_INVALID, FILE_UNREADABLE */
export function readSettings(configFile: string = DEFAULT_CONFIG_FILE, overrides: Overrides = {}): Settings {
  const config = readConfig(configFile);
  const { interfaces } = overrides;
  const changed =
    interfaces === undefined || interfaces.length === 0
      ? config
      : { ...config, base: { ...config.base, interfaces: [...interfaces] } };
  return { configFile: resolve(configFile), config: changed, paths: pathsOf(changed) };
}

/** Settings of a file that may be broken. */
export interface SalvagedSettings extends Settings {
  /** Why the file could not be used; null when it could. */
  readonly problem: NetxfwError | null;
}

/**
 * The settings for what must work with a broken file, such as unloading: then only the keys that say where things are,
 * found by their look, and every other key has its default.
 * @throws NetxfwError CONFIG_NOT_FOUND
 */
export function salvageSettings(configFile: string = DEFAULT_CONFIG_FILE): SalvagedSettings {
  try {
    return { ...readSettings(configFile), problem: null };
  } catch (error) {
    const problem = NetxfwError.from(error);
    if (problem.code === 'CONFIG_NOT_FOUND') throw problem;
    const text = readWhatIsThere(configFile);
    const { base, paths, ...rest } = defaultConfig();
    const config: Config = {
      ...rest,
      base: { ...base, bpf_pin_path: pathIn(text, 'bpf_pin_path') ?? base.bpf_pin_path },
      paths: {
        state_dir: pathIn(text, 'state_dir') ?? paths.state_dir,
        run_dir: pathIn(text, 'run_dir') ?? paths.run_dir,
      },
    };
    return { configFile: resolve(configFile), config, paths: pathsOf(config), problem };
  }
}

function readWhatIsThere(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function pathIn(text: string, key: string): string | undefined {
  return new RegExp(`^(?!\\s*#).*\\b${key}["']?\\s*:\\s*["']?(/[\\w./-]*)`, 'm').exec(text)?.[1];
}
