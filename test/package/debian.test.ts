import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { acrossTraffic } from '../support/across.ts';
import { BAD4, FW_DEVICE, GOOD4, Lab } from '../support/lab.ts';
import { Machine, SHARED } from '../support/machine.ts';
import { ownedDirectory } from '../support/owned.ts';
import { debianPackage } from '../support/package.ts';
import { must, until } from '../support/process.ts';
import { arrivals, framesFrom } from '../support/traffic.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const NEXT = `${version}+next`;

const fromBad = framesFrom(BAD4);
const fromGood = framesFrom(GOOD4);
const everything = [...fromBad, ...fromGood];
const names = (frames: readonly { readonly name: string }[]) => frames.map(({ name }) => name);

/** What the package must do without. */
const TOOLS = ['clang', 'clang-14', 'gcc', 'cc', 'ld', 'llvm-strip', 'npm', 'npx'];

let lab: Lab;
let machine: Machine;

/** The same package under a higher number. */
async function repack(deb: string): Promise<string> {
  const directory = ownedDirectory('repack');
  const tree = join(directory, 'tree');
  await must(['dpkg-deb', '-R', deb, tree]);
  await must(['sed', '-i', `s/^Version: .*/Version: ${NEXT}/`, join(tree, 'DEBIAN/control')]);
  await must([
    'sed',
    '-i',
    `s/"version": "${version}"/"version": "${NEXT}"/`,
    join(tree, 'usr/lib/netxfw/package.json'),
  ]);
  const next = join(directory, 'next.deb');
  await must(['dpkg-deb', '--build', '-Znone', '--root-owner-group', tree, next], { timeout: 300_000 });
  return next;
}

beforeAll(async () => {
  lab = Lab.create();
  machine = new Machine(lab.fw);
  const deb = await debianPackage();
  copyFileSync(deb, join(machine.shared, 'netxfw.deb'));
  copyFileSync(await repack(deb), join(machine.shared, 'next.deb'));
  await machine.boot(`
    for tool in ${TOOLS.join(' ')}; do rm -f "/usr/bin/$tool"; done
    dpkg -i ${SHARED}/netxfw.deb
    systemctl enable netxfw
    printf 'base:\\n  interfaces: [${FW_DEVICE}]\\n' >/etc/netxfw/config.yaml
  `);
  await until(
    'the service',
    async () => (await machine.run(['systemctl', 'is-active', 'netxfw'])).status === 0,
    60_000,
  );
}, 900_000);

afterAll(async () => {
  await machine.dispose();
  lab.dispose();
});

const netxfw = (...words: string[]) => machine.ok('netxfw', ...words);

it('has every file that it says it has, as it was built', async () => {
  expect(await machine.ok('dpkg', '--verify', 'netxfw')).not.toContain('/usr/');
  expect(await machine.ok('man', '--where', 'netxfw', 'netxfw-config')).toContain('netxfw.8');
  const sbom = JSON.parse(await machine.ok('cat', '/usr/share/doc/netxfw/sbom.cdx.json')) as { components: unknown[] };
  expect(sbom.components.length).toBeGreaterThan(10);
});

it('is on before the network is, without compiler and without the Internet', async () => {
  expect(await machine.ok('systemctl', 'show', '--property=Before', 'netxfw')).toContain('network-pre.target');
  expect(await netxfw('status')).toContain(FW_DEVICE);
  await netxfw('deny', BAD4);
  expect(await arrivals(lab, everything)).toEqual(names(fromGood));
});

it('restarts without a gap', async () => {
  const { denied, lost } = await acrossTraffic(
    lab,
    async () => void (await machine.ok('systemctl', 'restart', 'netxfw')),
  );
  expect({ denied, lost }).toEqual({ denied: 0, lost: 0 });
});

it('comes back when its process is killed', async () => {
  const main = async () => (await machine.ok('systemctl', 'show', '--property=MainPID', '--value', 'netxfw')).trim();
  const before = await main();
  await machine.ok('kill', '-9', before);
  await until('another process', async () => !['0', before].includes(await main()));
  await until('its answers', async () => (await machine.run(['netxfw', 'version'])).stdout.includes('daemon'));
  expect(await arrivals(lab, everything)).toEqual(names(fromGood));
});

it('reloads by systemctl, which fails when the configuration is wrong', async () => {
  await machine.ok('systemctl', 'reload', 'netxfw');
  await machine.ok('sh', '-c', 'cp /etc/netxfw/config.yaml /tmp/good.yaml; echo "bsae: {}" >>/etc/netxfw/config.yaml');
  expect((await machine.run(['systemctl', 'reload', 'netxfw'])).status).not.toBe(0);
  expect(await arrivals(lab, everything)).toEqual(names(fromGood));
  await machine.ok('cp', '/tmp/good.yaml', '/etc/netxfw/config.yaml');
  await machine.ok('systemctl', 'reload', 'netxfw');
});

it('is upgraded under traffic without a packet judged wrongly', async () => {
  const { denied, lost } = await acrossTraffic(lab, async () => {
    await machine.ok('dpkg', '-i', `${SHARED}/next.deb`);
    await until('the new version', async () => (await netxfw('version')).includes(`daemon ${NEXT}`), 60_000);
  });
  expect({ denied, lost }).toEqual({ denied: 0, lost: 0 });
});

it('is removed cleanly, and purged without a trace', async () => {
  await machine.ok('dpkg', '--remove', 'netxfw');
  expect(await arrivals(lab, everything)).toEqual(names(everything));
  expect((await machine.run(['ls', '/sys/fs/bpf/netxfw'])).status).not.toBe(0);
  expect((await machine.run(['systemctl', 'is-active', 'netxfw'])).stdout.trim()).toBe('inactive');
  await machine.ok('test', '-e', '/etc/netxfw/config.yaml');
  await machine.ok('dpkg', '--purge', 'netxfw');
  const left = await machine.ok(
    'find',
    '/etc',
    '/usr',
    '/lib/systemd',
    '/var/lib',
    '/var/log',
    '/run',
    '-iname',
    '*netxfw*',
  );
  expect(left).toBe('');
});
