import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { files, ROOT } from '../policy/sources.ts';
import { type GuideBlock, missingLines, readGuide } from '../support/guide.ts';
import { FW_DEVICE, FW4, GOOD4, Lab } from '../support/lab.ts';
import { Machine, SHARED } from '../support/machine.ts';
import { debianPackage } from '../support/package.ts';

let deb: string;
let lab: Lab;
let machine: Machine;

beforeAll(async () => {
  deb = await debianPackage();
}, 900_000);

beforeEach(async () => {
  lab = Lab.create();
  lab.fw.ip('route', 'add', 'default', 'via', GOOD4, 'dev', FW_DEVICE);
  lab.peer.ip('route', 'add', 'default', 'via', FW4);
  machine = new Machine(lab.fw);
  copyFileSync(deb, join(machine.shared, 'netxfw.deb'));
  await machine.boot(`dpkg -i ${SHARED}/netxfw.deb`);
}, 300_000);

afterEach(async () => {
  await machine.dispose();
  lab.dispose();
});

async function runBlock({ where, script }: GuideBlock): Promise<{ status: number; output: string }> {
  const bash = (text: string) => ['/bin/bash', '-euo', 'pipefail', '-c', `exec 2>&1\n${text}`];
  const { status, stdout } =
    where === 'firewall'
      ? await machine.run(bash(`cd ${SHARED}\n${script}`))
      : await lab.peer.run(bash(script), { timeout: 60_000 });
  return { status, output: stdout };
}

/** Each guide as a reader would follow it: on a machine of its own, every block in its order. */
it.each(files(/^docs\/guides\/.*\.md$/).map((file) => [basename(file), join(ROOT, file)]))(
  'every command of %s works',
  async (_name, file) => {
    const blocks = readGuide(file);
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) {
      const { status, output } = await runBlock(block);
      const place = `line ${block.line}: ${block.script}\n--- output, exit code ${status}:\n${output}`;
      expect(status, place).toBe(0);
      expect(missingLines(block.expected, output), place).toEqual([]);
    }
  },
  300_000,
);
