import { ConfigFileSource } from '../store/config-source.ts';
import { ConfirmFile, type PendingUndo } from '../store/confirm.ts';
import { rereadSettings, type Settings } from './settings.ts';

/**
 * The settings to start with: when a configuration was to be confirmed and its time is over, the file is put back first, so
 * that it never comes into force again. The engine undoes the rest. Needs the lock.
 */
export function withoutOverdue(settings: Settings): Settings {
  const undo = pendingOf(settings);
  if (undo?.config === undefined || undo.deadline > Date.now()) return settings;
  const source = new ConfigFileSource(settings.configFile, settings.paths.appliedConfigFile);
  const present = source.read();
  if (present === undo.config) return settings;
  if (present !== null) source.setAside(present);
  source.write(undo.config);
  return rereadSettings(settings);
}

/** A damaged record is reported by the engine, which reads it again. */
function pendingOf({ paths }: Settings): PendingUndo | null {
  try {
    return new ConfirmFile(paths.confirmFile).load();
  } catch {
    return null;
  }
}
