import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openInProcess } from '../../../src/daemon/compose.ts';
import { load } from '../../../src/daemon/load.ts';
import { MemoryFilter } from '../../support/memory-filter.ts';
import type { Implementation } from '../cases/support.ts';

/** As a command without a daemon has it: lock, configuration and rules on disk, the filter on memory. */
export const local: Implementation = {
  name: 'local',
  async open() {
    const directory = mkdtempSync(join(tmpdir(), 'nxt-contract-'));
    const config = join(directory, 'config.yaml');
    const at = (part: string) => join(directory, part);
    writeFileSync(
      config,
      `base:\n  interfaces: [eth0]\n  bpf_pin_path: ${at('pins')}\npaths:\n  state_dir: ${at('state')}\n  run_dir: ${at('run')}\n`,
    );
    const driver = new MemoryFilter();
    await load({ config, driver });
    const netxfw = await openInProcess({ config, driver });
    return {
      netxfw,
      dataplane: driver.pinned.get(at('pins'))!.maps,
      async dispose() {
        await netxfw.close();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  },
};
