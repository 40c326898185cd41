import { NetxfwError } from '../model/errors.ts';
import { say } from '../model/messages.ts';
import type { HealthCheck, HealthReport } from '../model/operations.ts';
import type { EngineCore } from './core.ts';
import { Cached } from './stats-cache.ts';

/** Between two looks of the watchdog, milliseconds. */
const WATCH_INTERVAL = 3000;
/** Strangers may ask, so a report holds for a moment, milliseconds. */
const REPORT_AGE = 500;
const LAG_INTERVAL = 1000;
/** Work that is due may wait this long, milliseconds: an import of a large list takes part of it. */
const MAX_LAG = 3000;
/** Samples that the lag is the worst of: half a minute. */
const LAG_SAMPLES = 30;

/** Runs work when nothing else changes anything. */
type Run = <T>(work: () => T) => Promise<T>;

/** Whether the firewall does its work; when it watches, it also repairs what can be repaired. */
export class Health {
  readonly #core: EngineCore;
  readonly #report: Cached<HealthReport>;
  readonly #lag = new LoopLag();
  #timer: NodeJS.Timeout | undefined;
  /** What was told last. */
  #known: string | undefined;

  constructor(core: EngineCore) {
    this.#core = core;
    this.#report = new Cached('health', () => this.#look(), { ttl: () => REPORT_AGE });
  }

  check(): HealthReport {
    return this.#report.get();
  }

  /**
   * Looks at everything from time to time, puts the filter back where it is missing, and tells of every change: for a process
   * that stays.
   */
  watch(run: Run): void {
    this.#lag.start();
    this.#known = summaryOf(this.check());
    let busy = false;
    const tend = async () => {
      if (busy) return;
      busy = true;
      await run(() => this.#tend()).catch((error: unknown) => this.#tellOnce(NetxfwError.from(error).message));
      busy = false;
    };
    this.#timer = setInterval(() => void tend(), WATCH_INTERVAL);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#lag.stop();
    this.#report.close();
  }

  #tend(): void {
    const { dataplane } = this.#core;
    const moved = this.#attempt('the default route could not be followed', () => dataplane.followRoute()) ?? null;
    if (moved !== null) this.#tell(false, say('health.route', { name: moved }));
    const healed = this.#attempt('the filter could not be put back', () => dataplane.heal()) ?? [];
    for (const name of healed) this.#tell(true, say('health.healed', { name }));
    const addresses = this.#attempt('own addresses could not be read', () => dataplane.refreshAddresses());
    if (addresses !== undefined && addresses.refused > 0) {
      this.#tellOnce(`${addresses.refused} own addresses found no room: packets that forge them are not recognised`);
    }
    this.#report.invalidate();
    const report = this.check();
    const summary = summaryOf(report);
    if (summary === this.#known) return;
    this.#known = summary;
    this.#tell(report.healthy, summary);
  }

  #attempt<T>(what: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#tellOnce(`${what}: ${NetxfwError.from(error).message}`);
      return undefined;
    }
  }

  readonly #told = new Set<string>();

  /** What goes wrong each time is told the first time. */
  #tellOnce(message: string): void {
    if (this.#told.has(message)) return;
    if (this.#told.size >= 100) this.#told.clear();
    this.#told.add(message);
    this.#tell(false, message);
  }

  #tell(healthy: boolean, message: string): void {
    this.#core.events.emit({ type: 'health', healthy, message });
  }

  #look(): HealthReport {
    const checks = [...this.#filter(), this.#disk(), ...this.#loop()];
    return { healthy: checks.every(({ ok }) => ok), checks };
  }

  #filter(): readonly HealthCheck[] {
    try {
      return this.#core.dataplane.health();
    } catch (error) {
      const { message, hint } = NetxfwError.from(error);
      return [{ name: 'maps', ok: false, message, hint }];
    }
  }

  #disk(): HealthCheck {
    const problem = this.#core.store.problem();
    if (problem === null) return { name: 'disk', ok: true, message: say('health.disk.ok'), hint: null };
    const hint = say('health.disk.do');
    return { name: 'disk', ok: false, message: problem, hint };
  }

  #loop(): readonly HealthCheck[] {
    const worst = this.#lag.worst;
    if (worst === undefined) return [];
    const ok = worst <= MAX_LAG;
    const message = say('health.loop', { ms: Math.round(worst) });
    return [{ name: 'event loop', ok, message, hint: ok ? null : say('health.loop.do') }];
  }
}

function summaryOf({ healthy, checks }: HealthReport): string {
  if (healthy) return say('health.fine');
  return checks
    .filter(({ ok }) => !ok)
    .map(({ message }) => message)
    .join('; ');
}

/** How late a timer fires. */
class LoopLag {
  #samples: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #due = 0;

  start(): void {
    this.#due = performance.now() + LAG_INTERVAL;
    this.#timer = setInterval(() => this.#sample(), LAG_INTERVAL);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Milliseconds; undefined: it is not measured. */
  get worst(): number | undefined {
    if (this.#timer === undefined) return undefined;
    return Math.max(0, performance.now() - this.#due, ...this.#samples);
  }

  #sample(): void {
    const now = performance.now();
    this.#samples.push(Math.max(0, now - this.#due));
    if (this.#samples.length > LAG_SAMPLES) this.#samples.shift();
    this.#due = now + LAG_INTERVAL;
  }
}
