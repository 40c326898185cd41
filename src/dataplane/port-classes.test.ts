import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePrefix } from '../model/prefixes.ts';
import { type CurrentClass, planTransition, type Transition } from './class-transition.ts';
import type { IpPortEntry } from './policy-plane.ts';
import { type ClassEntries, type ClassEntry, entryKey, planClasses } from './port-classes.ts';
import { decide, decideInClass } from './testing/rule-judge.ts';

const SOURCES = ['10.1.2.3', '10.1.9.9', '10.200.0.1', '192.0.2.1', '2001:db8::1', '2001:db8:1::1'];
const PREFIXES = ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.1.2.3', '::/0', '2001:db8::/32'];
const PORTS = 24;

const rule: fc.Arbitrary<IpPortEntry> = fc
  .record({
    prefix: fc.constantFrom(...PREFIXES),
    from: fc.integer({ min: 1, max: PORTS }),
    length: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 8 })),
    protocol: fc.constantFrom<IpPortEntry['protocol']>('tcp', 'udp', 'any'),
    action: fc.constantFrom<IpPortEntry['action']>('allow', 'deny'),
    reason: fc.constantFrom('', 'mail'),
  })
  .map(({ prefix, from, length, ...rest }) => ({
    ...rest,
    prefix: parsePrefix(prefix).prefix,
    from,
    to: Math.min(PORTS, from + length),
  }));

const key = ({ prefix, from, to, protocol }: IpPortEntry) => JSON.stringify([prefix, from, to, protocol]);
const rules = fc.uniqueArray(rule, { maxLength: 12, selector: key });

/** All questions that a packet could ask. */
const questions = SOURCES.flatMap((source) =>
  (['tcp', 'udp'] as const).flatMap((protocol) =>
    Array.from({ length: PORTS + 2 }, (_, port) => ({ source: parsePrefix(source).prefix, protocol, port })),
  ),
);

/** What the kernel holds, written as a transition says it and read as the kernel program does. */
class FakeKernel {
  entries = new Map<number, Map<string, ClassEntry>>();
  classOf = new Uint16Array(PORTS + 2);

  decide({ source, port, protocol }: (typeof questions)[number]): IpPortEntry['action'] | undefined {
    return decideInClass([...(this.entries.get(this.classOf[port]!)?.values() ?? [])], source, protocol)?.action;
  }

  /** Every step on its own; `check` is called after each. */
  apply({ fresh, classOf, changed, dropped }: Transition, check: () => void): void {
    const put = (id: number, entries: ClassEntries) => {
      for (const [name, entry] of entries) {
        const held = this.entries.get(id) ?? new Map<string, ClassEntry>();
        this.entries.set(id, held.set(name, entry));
        check();
      }
    };
    for (const { id, entries } of fresh) put(id, entries);
    for (const [port, id] of classOf.entries()) {
      if (this.classOf[port] === id) continue;
      this.classOf[port] = id;
      check();
    }
    for (const { id, entry, action } of changed) {
      if (action === 'put') this.entries.get(id)!.set(entryKey(entry), entry);
      else this.entries.get(id)!.delete(entryKey(entry));
      check();
    }
    for (const id of dropped) {
      this.entries.delete(id);
      check();
    }
  }
}

describe('port classes', () => {
  it('decide as the rules do, one by one', () => {
    fc.assert(
      fc.property(rules, (all) => {
        const kernel = new FakeKernel();
        kernel.apply(planTransition(new Map(), kernel.classOf, planClasses(all, 1000).classes), () => {});
        for (const question of questions) {
          expect([question, kernel.decide(question)]).toEqual([question, decide(all, question)?.action]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('have as many entries as they say, and no two are alike', () => {
    fc.assert(
      fc.property(rules, (all) => {
        const { classes, size } = planClasses(all, 1000);
        expect(classes.reduce((sum, { entries }) => sum + entries.size, 0)).toBe(size);
        const contents = classes.map(({ entries }) => JSON.stringify([...entries].sort()));
        expect(new Set(contents).size).toBe(classes.length);
      }),
    );
  });

  it('do not depend on the order of the rules', () => {
    const shuffled = rules.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        const contents = (list: IpPortEntry[]) =>
          planClasses(list, 1000)
            .classes.map(({ ranges, entries }) => JSON.stringify([ranges, [...entries].sort()]))
            .sort();
        expect(contents(other)).toEqual(contents(all));
      }),
    );
  });

  it('count what does not fit without drawing it up', () => {
    const base = (i: number) => parsePrefix(`10.${i >> 8}.${i & 255}.0/24`).prefix;
    const wide = Array.from({ length: 500 }, (_, i): IpPortEntry => {
      return { prefix: base(i), from: 1, to: 65_535, protocol: 'any', action: 'deny', reason: '' };
    });
    const single = Array.from({ length: 20_000 }, (_, i): IpPortEntry => {
      return { prefix: base(1000 + i), from: 2 * i + 1, to: 2 * i + 1, protocol: 'tcp', action: 'allow', reason: '' };
    });
    const { size, classes } = planClasses([...wide, ...single], 65_536);
    expect(size).toBe(500 + 20_000 * 501);
    expect(classes.length).toBe(20_001);
  });
});

describe('a change of rules', () => {
  it('shows every packet the old verdict or the new one at each of its steps', () => {
    fc.assert(
      fc.property(fc.array(rules, { minLength: 2, maxLength: 4 }), (sets) => {
        const kernel = new FakeKernel();
        let classes: ReadonlyMap<number, CurrentClass> = new Map();
        let before: readonly IpPortEntry[] = [];
        for (const after of sets) {
          const transition = planTransition(classes, kernel.classOf, planClasses(after, 1000).classes);
          const allowed = questions.map((q) => [decide(before, q)?.action, decide(after, q)?.action]);
          kernel.apply(transition, () => {
            const wrong = questions.filter((question, i) => !allowed[i]!.includes(kernel.decide(question)));
            expect(wrong).toEqual([]);
          });
          for (const [i, question] of questions.entries()) expect(kernel.decide(question)).toBe(allowed[i]![1]);
          expect([...kernel.entries.keys()].sort()).toEqual([...transition.classes.keys()].sort());
          classes = transition.classes;
          before = after;
        }
      }),
      { numRuns: 40 },
    );
  });

  it('of nothing does nothing', () => {
    fc.assert(
      fc.property(rules, (all) => {
        const { classes } = planClasses(all, 1000);
        const first = planTransition(new Map(), new Uint16Array(PORTS + 2), classes);
        const second = planTransition(first.classes, first.classOf, classes);
        expect(second).toMatchObject({ fresh: [], changed: [], dropped: [], missingIds: 0 });
        expect(second.classOf).toEqual(first.classOf);
      }),
    );
  });

  it('of one rule among many writes one entry', () => {
    const at = (i: number): IpPortEntry => {
      return {
        prefix: parsePrefix(`10.0.${i}.0/24`).prefix,
        from: 8,
        to: 8,
        protocol: 'tcp',
        action: 'deny',
        reason: '',
      };
    };
    const all = Array.from({ length: 200 }, (_, i) => at(i));
    const first = planTransition(new Map(), new Uint16Array(PORTS + 2), planClasses(all, 1000).classes);
    const second = planTransition(first.classes, first.classOf, planClasses([...all, at(200)], 1000).classes);
    expect(second.fresh).toEqual([]);
    expect(second.changed).toMatchObject([{ action: 'put', entry: { prefix: at(200).prefix } }]);
    expect(second.classOf).toEqual(first.classOf);
  });
});
