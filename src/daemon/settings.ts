import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Config, defaultConfig } from '../model/config.ts';
import { NetxfwError } from '../model/errors.ts';
import { DEFAULT_CONFIG_FILE, type Paths, pathsOf } from '../model/paths.ts';
import { parseConfig, readConfigText } from '../store/config-file.ts';
import { nodeFiles } from '../store/files.ts';

/** One instance of netxfw: its configuration and where it keeps its things. */
export interface Settings {
  /** Absolute path; the file may be missing when it is the default one. */
  readonly configFile: string;
  /** What the file held; null without one. */
  readonly text: string | null;
  readonly overrides: Overrides;
  /** The file's, and the overrides. */
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
  const text = readConfigText(configFile, nodeFiles, configFile === DEFAULT_CONFIG_FILE);
  const config = overridden(text === null ? defaultConfig() : parseConfig(text, configFile), overrides);
  return { configFile: resolve(configFile), text, overrides, config, paths: pathsOf(config) };
}

export function rereadSettings({ configFile, overrides }: Settings): Settings {
  return readSettings(configFile, overrides);
}

/** A configuration with what the command line says instead. */
export function overridden(config: Config, { interfaces }: Overrides): Config {
  if (interfaces === undefined || interfaces.length === 0) return config;
  return { ...config, base: { ...config.base, interfaces: [...interfaces] } };
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
    return { configFile: resolve(configFile), text, overrides: {}, config, paths: pathsOf(config), problem };
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
