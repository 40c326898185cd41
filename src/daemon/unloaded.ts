import type { DataPlane } from '../dataplane/dataplane.ts';
import type { PolicyChange } from '../dataplane/policy-plane.ts';
import { NetxfwError } from '../model/errors.ts';
import type { HealthCheck } from '../model/operations.ts';
import type { StatsSnapshot } from '../model/status.ts';

/**
 * The data plane while the firewall is not loaded. What is on disk can be read; every change is refused, so that nothing
 * is stored that the kernel does not enforce.
 */
export class UnloadedDataPlane implements DataPlane {
  readonly #pinPath: string;
  #sealed = false;

  constructor(pinPath: string) {
    this.#pinPath = pinPath;
  }

  /** Ends the opening of an engine, during which it takes what is on disk and does nothing with it. */
  seal(): void {
    this.#sealed = true;
  }

  #refuse(): void {
    if (this.#sealed) throw this.refusal('nothing was changed');
  }

  applyLists(): never {
    throw this.refusal('nothing was changed');
  }

  reconcileLists(): { added: number; removed: number } {
    return { added: 0, removed: 0 };
  }

  putDynamic(): never {
    throw this.refusal('nothing was changed');
  }

  removeDynamic(): never {
    throw this.refusal('nothing was changed');
  }

  listDynamic(): [] {
    return [];
  }

  compare(): PolicyChange {
    return { kind: 'none', changes: [], because: 'the firewall is not loaded' };
  }

  configure(): never {
    throw this.refusal('nothing was changed');
  }

  setLimits(): void {
    this.#refuse();
  }

  setPorts(): void {
    this.#refuse();
  }

  setIpPortRules(): void {
    this.#refuse();
  }

  limitDrops(): ReadonlyMap<string, number> {
    return new Map();
  }

  readStats(): StatsSnapshot {
    return { at: Date.now(), reasons: {}, monitored: {} };
  }

  resetStats(): never {
    throw this.refusal('nothing was changed');
  }

  attachments(): [] {
    return [];
  }

  fill(): [] {
    return [];
  }

  flows(): [] {
    return [];
  }

  removeFlows(): number {
    return 0;
  }

  openEvents(): never {
    throw this.refusal('nothing is judged');
  }

  setEventCapture(): void {}

  explain(): never {
    throw this.refusal('every packet passes');
  }

  loadPlugin(): never {
    throw this.refusal('nothing was changed');
  }

  removePlugin(): never {
    throw this.refusal('nothing was changed');
  }

  plugins(): [] {
    return [];
  }

  refreshAddresses(): { added: number; removed: number; refused: number } {
    return { added: 0, removed: 0, refused: 0 };
  }

  health(): readonly HealthCheck[] {
    const { message, hint } = this.refusal('all packets pass');
    return [{ name: 'filter', ok: false, message, hint }];
  }

  followRoute(): null {
    return null;
  }

  heal(): [] {
    return [];
  }

  latency(): [] {
    return [];
  }

  resetLatency(): void {}

  close(): void {}

  /** @param consequence what did not happen */
  refusal(consequence: string): NetxfwError {
    return new NetxfwError('NOT_LOADED', `the firewall is not loaded (no maps in ${this.#pinPath}): ${consequence}`);
  }
}
