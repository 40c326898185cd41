import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryDataPlane } from '../dataplane/memory.ts';
import { type Config, defaultConfig } from '../model/config.ts';
import { NetxfwError } from '../model/errors.ts';
import type { ChangeOptions } from '../model/operations.ts';
import { formatPorts } from '../model/ports.ts';
import { formatPrefix } from '../model/prefixes.ts';
import { parseConfig } from '../store/config-file.ts';
import { ConfigFileSource } from '../store/config-source.ts';
import { ConfirmFile } from '../store/confirm.ts';
import { FileStore } from '../store/file-store.ts';
import { Disk, systemError } from '../store/testing/disk.ts';
import { Engine } from './engine.ts';
import { rulesOf, START } from './testing/engine.ts';

const FILE = '/etc/netxfw/config.yaml';
const APPLIED = '/s/config.applied.yaml';

type Operation =
  | {
      readonly kind: 'limit' | 'unlimit' | 'open' | 'close' | 'rule' | 'unrule' | 'deny';
      readonly n: number;
      readonly confirm: boolean;
    }
  | { readonly kind: 'set'; readonly values: Readonly<Record<string, unknown>>; readonly confirm: boolean }
  | { readonly kind: 'clear' | 'reset' | 'confirm' | 'rollback' | 'restart' | 'late' };

const values: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.oneof(
  fc.boolean().map((on) => ({ 'base.default_deny': on })),
  fc.nat(3).map((n) => ({ 'port.allowed_ports': Array.from({ length: n }, (_, i) => 80 + i) })),
  fc.nat(3).map((n) => ({ 'rate_limit.rules': n === 0 ? [] : [{ ip: `10.${n}.0.0/16`, rate: n, burst: 9 }] })),
  fc.nat(3).map((n) => ({ 'port.ip_port_rules': n === 0 ? [] : [{ ip: '10.0.0.0/8', port: 80 + n, action: 'deny' }] })),
  fc.nat(3).map((n) => ({ whitelist: n === 0 ? [] : [`10.1.0.${n}`], 'base.icmp_rate': 100 + n })),
  fc.constantFrom(1, 4, 50).map((n) => ({ 'capacity.rate_limits': n, 'base.failsafe_ports': [22, n] })),
);
const confirm = fc.integer({ min: 0, max: 3 }).map((n) => n === 0);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('limit', 'unlimit', 'open', 'close', 'rule', 'unrule', 'deny'),
      n: fc.nat(4),
      confirm,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('set' as const), values, confirm }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('clear', 'reset', 'confirm', 'rollback', 'restart', 'late') }),
  },
);

class World {
  readonly dataplane: MemoryDataPlane;
  readonly disk: Disk;
  engine!: Engine;
  time = START;

  constructor(dataplane: MemoryDataPlane | null, disk: Disk) {
    this.dataplane = dataplane ?? new MemoryDataPlane({ now: () => this.time });
    this.disk = disk;
  }

  async open(): Promise<void> {
    const { disk, dataplane } = this;
    const source = new ConfigFileSource(FILE, APPLIED, disk);
    const text = source.read();
    const config: Config = text === null || text === '' ? defaultConfig() : parseConfig(text, FILE);
    dataplane.configure(config);
    this.engine = await Engine.open({
      dataplane,
      store: new FileStore({
        rulesFile: '/s/rules.json',
        journalFile: '/s/rules.journal',
        files: disk,
        now: () => this.time,
        largeChange: 4,
        journalBytes: 900,
      }),
      config,
      source,
      text,
      confirmations: new ConfirmFile('/s/confirm.json', disk),
      now: () => this.time,
    });
  }

  async perform(operation: Operation): Promise<void> {
    const { engine } = this;
    const options: ChangeOptions = {
      acceptRisk: ['lockout'],
      ...('confirm' in operation && operation.confirm ? { confirm: 60 } : {}),
    };
    if (operation.kind === 'set') return void (await engine.config.set(operation.values, options));
    if ('n' in operation) return this.#edit(operation.kind, operation.n, options);
    switch (operation.kind) {
      case 'clear':
        return void (await engine.clear());
      case 'reset':
        return void (await engine.reset(options));
      case 'confirm':
        return engine.config.confirm();
      case 'rollback':
        return void (await engine.config.rollback());
      case 'late':
      case 'restart':
    }
  }

  async #edit(kind: string, n: number, options: ChangeOptions): Promise<void> {
    const { limits, ports } = this.engine;
    const prefix = `10.${n}.0.0/16`;
    if (kind === 'limit') await limits.add({ prefix, rate: n + 1 }, options);
    else if (kind === 'unlimit') await limits.remove(prefix, options);
    else if (kind === 'open') await ports.open(`${80 + n}`, options);
    else if (kind === 'close') await ports.close(`${80 + n}`, options);
    else if (kind === 'rule') await ports.addRule({ prefix, ports: '22', action: 'deny', reason: `${n}` }, options);
    else if (kind === 'unrule') await ports.removeRule(prefix, '22', undefined, options);
    else await this.engine.add({ list: 'deny', prefix, reason: `${kind}${n}` }, options);
  }

  /** What the engine says. */
  state() {
    const { engine } = this;
    return {
      rules: rulesOf(engine),
      limits: engine.limits.list(),
      ports: engine.ports.list(),
      ipPortRules: engine.ports.listRules(),
      config: engine.configuration,
      yaml: engine.config.get().yaml,
      pending: engine.config.pending(),
    };
  }

  /** What the engine says and what the data plane does, in the same form. */
  both() {
    const { limits, ports, ipPortRules, config } = this.state();
    const { policy } = this.dataplane;
    const said = {
      limits: limits.map((one) => `${one.prefix} ${one.rate} ${one.burst}`).sort(),
      ports: ports.map((one) => `${one.ports} ${one.protocol}`).sort(),
      failsafe: config.base.failsafe_ports,
      rules: ipPortRules.map((one) => `${one.prefix} ${one.ports} ${one.protocol} ${one.action} ${one.reason}`).sort(),
      config,
    };
    const ranges = (range: Parameters<typeof formatPorts>[0]) =>
      `${formatPorts({ ...range, protocol: 'any' })} ${range.protocol}`;
    const done = {
      limits: [...policy.limits.values()].map((one) => `${formatPrefix(one.prefix)} ${one.rate} ${one.burst}`).sort(),
      ports: policy.ports.open.map(ranges).sort(),
      failsafe: policy.ports.failsafe,
      rules: policy.rules.map((one) => `${formatPrefix(one.prefix)} ${ranges(one)} ${one.action} ${one.reason}`).sort(),
      config: policy.config,
    };
    return { said, done };
  }
}

const EXPECTED = [
  'STORE_WRITE_FAILED',
  'MAP_FULL',
  'RULE_NOT_FOUND',
  'NOT_FOUND',
  'CONFLICT',
  'KERNEL_FAILED',
  'INTERNAL',
];
const METHODS = ['setLimits', 'setPorts', 'setIpPortRules', 'configure', 'applyLists'] as const;

describe('policy in engine, kernel and disk', () => {
  it('agrees after every change, made or refused, whatever call fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(operation, fc.option(fc.nat(16), { freq: 2 }), fc.nat(30)), { minLength: 1, maxLength: 14 }),
        async (steps) => {
          const disk = new Disk();
          disk.put(FILE, '# mine\nbase:\n  default_deny: false\n');
          const world = new World(null, disk);
          await world.open();
          for (const [next, failing, kernel] of steps) {
            if (next.kind === 'restart' || next.kind === 'late') {
              await world.engine.close();
              if (next.kind === 'late') world.time += 61_000;
              await world.open();
              expect(world.engine.config.pending() === null || next.kind === 'restart').toBe(true);
            }
            const before = world.state();
            const first = disk.calls;
            disk.fault = (call, n) => {
              if (failing !== null && call !== 'close' && n === first + failing) throw systemError('ENOSPC');
            };
            // Now and then the kernel refuses one of the calls, once.
            const method = failing === null ? METHODS[kernel] : undefined;
            const { dataplane } = world;
            if (method !== undefined && next.kind !== 'rollback') {
              const whole = dataplane[method].bind(dataplane) as (argument: never) => never;
              Object.assign(dataplane, {
                [method]: (_argument: never) => {
                  Object.assign(dataplane, { [method]: whole });
                  throw new NetxfwError('KERNEL_FAILED', 'EBUSY');
                },
              });
            }
            const error = await world.perform(next).then(
              () => null,
              (thrown) => thrown,
            );
            if (method !== undefined) delete (dataplane as unknown as Record<string, unknown>)[method];
            disk.fault = () => {};
            if (error !== null) expect(EXPECTED).toContain(error.code);
            // A roll-back takes place in the kernel whatever the disk says.
            if (error !== null && next.kind !== 'rollback' && next.kind !== 'reset')
              expect(world.state()).toEqual(before);
            const { said, done } = world.both();
            expect(done).toEqual(said);
            // What the disk refused is done as soon as it can be.
            if (next.kind === 'rollback' && world.engine.config.pending() !== null) await world.perform(next);
            const found = new World(
              null,
              disk.afterPowerFailure(() => 0),
            );
            found.time = world.time;
            await found.open();
            expect(found.state()).toEqual(world.state());
            await found.engine.close();
          }
          await world.engine.close();
        },
      ),
      { numRuns: 200 },
    );
  });
});
