import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reasonVerdict } from '../../src/model/reasons.ts';
import { KernelFilter } from '../support/kernel-filter.ts';
import { KernelHost } from '../support/kernel-host.ts';
import { KernelWorld } from '../support/kernel-world.ts';
import { describeLayers, packet, toHex } from '../support/packet.ts';
import type { PacketCase, Setup } from '../support/packet-case.ts';
import { ModelWorld, prepare } from '../support/packet-world.ts';
import { STAGES } from './cases/index.ts';

/** The kernel runs no program on less. */
const SHORTEST = 14;
const NOT_IP = ['PASS_ARP', 'PASS_NON_IP', 'DROP_ETHERTYPE'];

let host: KernelHost;
let filter: KernelFilter;

beforeAll(() => {
  host = new KernelHost();
  filter = new KernelFilter();
});

afterAll(() => {
  filter?.[Symbol.dispose]();
  host?.[Symbol.dispose]();
});

const world = (setup: Setup = {}) => new KernelWorld(filter, setup, host.ifindex);

function whatPassed(one: PacketCase): string {
  return `${describeLayers(one.packet)} [${toHex(packet(...one.packet))}] with ${JSON.stringify(one.setup ?? {})}`;
}

for (const [stage, cases] of Object.entries(STAGES)) {
  describe(`the kernel: ${stage}`, () => {
    it.each(cases)('$title', (one) => {
      host.inside(() => {
        const kernel = world(one.setup);
        expect(prepare(kernel, one)).toBeNull();
        const passes = reasonVerdict(one.expect) === 'pass' || one.setup?.config?.monitor === true;
        const seen = kernel.receive(packet(...one.packet), one.on ?? 'uplink');
        expect(seen, whatPassed(one)).toEqual({ verdict: passes ? 'pass' : 'drop', reason: one.expect });
      });
    });

    it.each(cases)('$title: cut at every byte', (one) => {
      host.inside(() => {
        const [kernel, model] = [world(one.setup), new ModelWorld(one.setup ?? {})];
        prepare(kernel, one);
        prepare(model, one);
        const whole = packet(...one.packet);
        for (let length = SHORTEST; length < whole.length; length++) {
          const frame = whole.slice(0, length);
          const [seen, expected] = [kernel, model].map((each) => each.receive(frame, one.on ?? 'uplink'));
          expect(seen, `${length} bytes of ${whatPassed(one)}`).toEqual(expected);
        }
      });
    });

    it.each(cases.filter((one) => !NOT_IP.includes(one.expect)))('$title: cut, and the source denied', (one) => {
      host.inside(() => {
        const source = one.packet.find((layer) => layer.layer === 'ipv4' || layer.layer === 'ipv6');
        const everyone = { allow: [], dynamic: [], deny: ['0.0.0.0/0', '::/0', ...sourceOf(source)] };
        const config = { ...one.setup?.config, monitor: false };
        const kernel = world({ ...one.setup, ...everyone, config });
        const whole = packet(...one.packet);
        for (let length = SHORTEST; length <= whole.length; length++) {
          const seen = kernel.receive(whole.slice(0, length), one.on ?? 'uplink');
          expect(seen.verdict, `${length} bytes of ${whatPassed(one)}: ${seen.reason}`).toBe('drop');
        }
      });
    });
  });
}

function sourceOf(layer: object | undefined): string[] {
  return layer !== undefined && 'src' in layer && typeof layer.src === 'string' ? [layer.src] : [];
}
