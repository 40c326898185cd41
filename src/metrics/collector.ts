import type { Netxfw } from '../sdk/types.ts';

/** A group of figures that are read together. */
export interface Collector {
  /** The `collector` label of netxfw_collector_success. */
  readonly name: string;
  /** Reads the figures anew. Must not list sets: it runs at every scrape. */
  collect(netxfw: Netxfw): Promise<void>;
  /** Forgets the figures: after a failure none is better than an old one. */
  clear(): void;
}
