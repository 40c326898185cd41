import { record } from '../model/egress.ts';
import { judge } from '../model/model.ts';
import { makeState } from '../model/setup.ts';
import type { Judgement, State } from '../model/state.ts';
import { packet } from './packet.ts';
import type { Interface, PacketCase, Setup, Step } from './packet-case.ts';
import { INTERFACES } from './packet-case.ts';

/** Somewhere that packets arrive: the model, or the program in the kernel. */
export interface World {
  receive(frame: Uint8Array, on: Interface): Judgement;
  send(frame: Uint8Array): void;
  /** Lets so many seconds go by. */
  wait(seconds: number): void;
}

/** The model, with a clock that stands still between steps. */
export class ModelWorld implements World {
  readonly state: State;
  now = 1_000_000_000;

  constructor(setup: Setup) {
    this.state = makeState(setup, this.now);
  }

  receive(frame: Uint8Array, on: Interface): Judgement {
    return judge(this.state, frame, { ifindex: INTERFACES.indexOf(on), now: this.now });
  }

  send(frame: Uint8Array): void {
    record(this.state, frame, this.now);
  }

  wait(seconds: number): void {
    this.now += seconds * 1000;
  }
}

/** @returns the verdict when the step receives a packet */
export function takeStep(world: World, step: Step): Judgement | undefined {
  if ('receive' in step) return world.receive(packet(...step.receive), step.on ?? 'uplink');
  if ('send' in step) world.send(packet(...step.send));
  else world.wait(step.wait);
  return undefined;
}

/** Everything in a case that comes before its packet; the first step whose verdict is not the expected one, if any. */
export function prepare(world: World, { before = [] }: PacketCase): string | null {
  for (const [at, step] of before.entries()) {
    const seen = takeStep(world, step);
    const expected = 'expect' in step ? step.expect : undefined;
    if (expected !== undefined && seen?.reason !== expected) {
      return `step ${at + 1}: ${seen?.reason ?? 'nothing'} instead of ${expected}`;
    }
  }
  return null;
}
