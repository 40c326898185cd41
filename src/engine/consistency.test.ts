import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryDataPlane } from '../dataplane/memory.ts';
import { defaultConfig } from '../model/config.ts';
import type { ListName } from '../model/entries.ts';
import { FileStore } from '../store/file-store.ts';
import { Disk, systemError } from '../store/testing/disk.ts';
import { group } from '../store/testing/rules.ts';
import { Engine } from './engine.ts';
import { rulesOf, START } from './testing/engine.ts';

type Operation =
  | {
      readonly kind: 'add';
      readonly list: ListName;
      readonly prefix: string;
      readonly reason: string;
      readonly ttl?: number;
    }
  | { readonly kind: 'many'; readonly list: ListName; readonly prefixes: readonly string[] }
  | { readonly kind: 'remove'; readonly prefix: string }
  | { readonly kind: 'import'; readonly list: ListName; readonly prefixes: readonly string[] }
  | { readonly kind: 'restart' };

const list = fc.constantFrom('allow' as const, 'deny' as const);
const prefix = fc
  .nat(20)
  .map((n) => (n % 4 === 0 ? `2001:db8:${n}::/48` : n % 4 === 1 ? `10.${n}.0.0/16` : `10.1.0.${n}`));
const prefixes = fc.array(prefix, { minLength: 1, maxLength: 8 });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), list, prefix, reason: fc.constantFrom('', 'a') }),
  fc.record({ kind: fc.constant('add' as const), list, prefix, reason: fc.constant('t'), ttl: fc.constant(600) }),
  fc.record({ kind: fc.constant('many' as const), list, prefixes }),
  fc.record({ kind: fc.constant('remove' as const), prefix }),
  fc.record({ kind: fc.constant('import' as const), list, prefixes }),
  fc.constant({ kind: 'restart' as const }),
);

const now = () => START;
const REFUSALS = ['STORE_WRITE_FAILED', 'MAP_FULL', 'RULE_NOT_FOUND', 'KERNEL_FAILED'];

function storeOn(files: Disk): FileStore {
  return new FileStore({
    rulesFile: '/s/rules.json',
    journalFile: '/s/rules.journal',
    files,
    now,
    largeChange: 4,
    journalBytes: 900,
  });
}

const open = (dataplane: MemoryDataPlane, disk: Disk) =>
  Engine.open({ dataplane, store: storeOn(disk), config: { ...defaultConfig(), whitelist: ['10.1.0.2'] }, now });

async function perform(engine: Engine, operation: Operation): Promise<void> {
  switch (operation.kind) {
    case 'add':
      await engine.add(operation);
      break;
    case 'many':
      await engine.addMany(operation.prefixes.map((text) => ({ list: operation.list, prefix: text })));
      break;
    case 'remove':
      await engine.remove(operation.prefix, 'deny');
      break;
    case 'import':
      await engine.import(Buffer.from(operation.prefixes.join('\n')), { list: operation.list });
      break;
    case 'restart':
  }
}

/** What the data plane would have to change to hold the engine's rules. */
function disagreement(engine: Engine, dataplane: MemoryDataPlane) {
  const desired = { allow: [], deny: [] } as Record<ListName, ReturnType<typeof group>[]>;
  for (const { list: name, prefix: text, reason, expiresAt } of rulesOf(engine)) {
    desired[name].push(group([text], { reason, expiresAt: expiresAt === null ? null : Date.parse(expiresAt) }));
  }
  return dataplane.reconcileLists(desired);
}

describe('engine, kernel and disk', () => {
  it('agree after every change, made or refused, whatever call fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(operation, fc.option(fc.nat(12), { freq: 2 }), fc.nat(9)), { minLength: 1, maxLength: 12 }),
        async (steps) => {
          const dataplane = new MemoryDataPlane({ now, capacity: { lock_hosts: 6, lock_list: 6, whitelist: 8 } });
          const apply = dataplane.applyLists.bind(dataplane);
          const disk = new Disk();
          let engine = await open(dataplane, disk);
          for (const [next, failing, kernel] of steps) {
            if (next.kind === 'restart') {
              await engine.close();
              engine = await open(dataplane, disk);
              expect(engine.reconciled).toEqual({ added: 0, removed: 0 });
            }
            const before = rulesOf(engine);
            const first = disk.calls;
            disk.fault = (call, n) => {
              if (failing !== null && call !== 'close' && n === first + failing) throw systemError('ENOSPC');
            };
            // One in ten changes is refused by the kernel as a whole.
            dataplane.applyLists = (changes) => {
              dataplane.applyLists = apply;
              if (kernel === 0) throw Object.assign(new Error('EBUSY'), { code: 'KERNEL_FAILED' });
              apply(changes);
            };
            const error = await perform(engine, next).then(
              () => null,
              (thrown) => thrown,
            );
            dataplane.applyLists = apply;
            disk.fault = () => {};
            if (error !== null) {
              expect(REFUSALS).toContain(error.code);
              expect(rulesOf(engine)).toEqual(before);
            }
            expect(disagreement(engine, dataplane)).toEqual({ added: 0, removed: 0 });
            const found = await open(
              new MemoryDataPlane({ now }),
              disk.afterPowerFailure(() => 0),
            );
            expect(rulesOf(found)).toEqual(rulesOf(engine));
            await found.close();
          }
          await engine.close();
        },
      ),
      { numRuns: 300 },
    );
  });
});
