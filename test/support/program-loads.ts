import { bpfFile } from '../../src/dataplane/bpf-files.ts';
import { type Clock, readClock } from '../../src/dataplane/clock.ts';
import { KernelMaps } from '../../src/dataplane/kernel-maps.ts';
import { type LoadedPrograms, loadPrograms, newMeta, type Switches } from '../../src/dataplane/kernel-program.ts';

/** Small maps: what the verifier walks does not depend on their size. */
const SIZES: Readonly<Record<string, number>> = {
  whitelist: 16,
  lock_list: 16,
  lock_hosts4: 4,
  lock_hosts6: 4,
  dyn_lock_list: 16,
  own_addrs: 16,
  rate_limit: 16,
  rate_state: 16,
  limit_hits: 16,
  ct_map: 16,
  ip_port_rules: 16,
  events: 4096,
};

/** What the verifier walked, by program. */
export type Walked = Readonly<Record<'netxfw' | 'netxfw_core' | 'netxfw_exit' | 'netxfw_egress', number>>;

/** Loads programs as the data plane does, with any switches, attached to nothing. */
export class ProgramLoads implements Disposable {
  readonly #clock: Clock = readClock();
  /** A prog array takes programs for frames in several buffers, or others, and never both. */
  readonly #maps = new Map<boolean, KernelMaps>();

  /** @throws VerifierError with the whole log */
  load(switches: Switches): LoadedPrograms {
    const frags = switches.cfg_frags !== false;
    const maps = this.#maps.get(frags) ?? KernelMaps.create('/nowhere', newMeta(SIZES));
    this.#maps.set(frags, maps);
    return loadPrograms({ object: bpfFile('netxfw'), maps, sizes: SIZES, switches, clock: this.#clock });
  }

  walked(switches: Switches): Walked {
    using programs = this.load(switches);
    const count = (name: 'xdp' | 'core' | 'exit' | 'egress') => programs[name]!.info.verifiedInsns!;
    return {
      netxfw: count('xdp'),
      netxfw_core: count('core'),
      netxfw_exit: count('exit'),
      netxfw_egress: count('egress'),
    };
  }

  [Symbol.dispose](): void {
    for (const maps of this.#maps.values()) maps[Symbol.dispose]();
  }
}
