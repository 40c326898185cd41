import { compose, type Instance, type Surroundings } from './compose.ts';
import type { FilterDriver, PreparedFilter } from './filter.ts';
import { withoutOverdue } from './overdue.ts';
import type { Settings } from './settings.ts';
import { changesSince } from './start-settings.ts';

export interface Started {
  readonly instance: Instance;
  readonly filter: PreparedFilter;
  /** What had to be done to the machine, and what is not as it was, for the operator to know. */
  readonly notices: readonly string[];
}

/**
 * Brings the filter up: maps, then the rules from disk in them, then the program on the interfaces. A start that fails
 * leaves nothing behind, except what was there before.
 * @param lock given back when the instance is closed, or could not be opened
 */
export async function startFilter(
  driver: FilterDriver,
  given: Settings,
  lock: Disposable,
  surroundings: Surroundings,
): Promise<Started> {
  let filter: PreparedFilter;
  let settings: Settings;
  let changes: string[];
  try {
    settings = withoutOverdue(given);
    changes = changesSince(settings);
    filter = driver.prepare(settings);
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
  let instance: Instance | undefined;
  try {
    instance = await compose({ settings, text: settings.text, dataplane: filter.dataplane, lock, ...surroundings });
    filter.attach();
    return { instance, filter, notices: [...filter.notices, ...changes] };
  } catch (error) {
    await instance?.netxfw.close();
    if (!filter.adopted) driver.unload(settings.paths.pinPath);
    throw error;
  }
}
