import { describe, expect, it } from 'vitest';
import { reasonVerdict } from '../../src/model/reasons.ts';
import { describeLayers, packet } from '../support/packet.ts';
import type { PacketCase } from '../support/packet-case.ts';
import { ModelWorld, prepare } from '../support/packet-world.ts';
import { STAGES } from './cases/index.ts';

function runModel(one: PacketCase, frame: Uint8Array) {
  const world = new ModelWorld(one.setup ?? {});
  return { failed: prepare(world, one), seen: world.receive(frame, one.on ?? 'uplink') };
}

for (const [stage, cases] of Object.entries(STAGES)) {
  describe(`the model: ${stage}`, () => {
    it.each(cases)('$title', (one) => {
      const { failed, seen } = runModel(one, packet(...one.packet));
      expect(failed).toBeNull();
      const passes = reasonVerdict(one.expect) === 'pass' || one.setup?.config?.monitor === true;
      expect(seen, describeLayers(one.packet)).toEqual({ verdict: passes ? 'pass' : 'drop', reason: one.expect });
    });
  });
}
