import type { Diagnosis } from '../model/diagnosis.ts';
import type { Attachment, SystemStatus } from '../model/status.ts';

/** What the commands that start and stop the filter itself need besides the SDK; src/daemon/host.ts provides it. */
export interface Host {
  /** Attaches the filter and returns; it stays when the program ends. */
  load(options: StartOptions): Promise<StartReport>;
  /** Detaches the filter and removes its maps; works also when configuration or rules are broken. */
  unload(options: UnloadOptions): Promise<UnloadReport>;
  /** Reads the configuration as a start would. @throws NetxfwError CONFIG_INVALID with all problems */
  check(options: { readonly config?: string }): Promise<CheckReport>;
  /** Looks at everything that the filter needs of this host. */
  doctor(options: DoctorOptions): Promise<readonly Diagnosis[]>;
  /** Runs the daemon until a signal ends it. */
  daemon(options: StartOptions & { readonly onReady: (report: DaemonReport) => void }): Promise<void>;
}

export interface CheckReport {
  /** Absolute path. */
  readonly file: string;
  readonly notes: readonly string[];
}

export interface DoctorOptions {
  readonly config?: string;
  /** Attach an empty program in native mode for a moment, where nothing is attached. */
  readonly tryNative: boolean;
}

export interface StartOptions {
  readonly config?: string;
  /** Instead of those in the configuration; empty = those. */
  readonly interfaces: readonly string[];
}

export interface UnloadOptions {
  readonly config?: string;
  readonly onNotice: (notice: string) => void;
}

export interface StartReport {
  readonly attachments: readonly Attachment[];
  /** Maps of an earlier run were taken over. */
  readonly adopted: boolean;
  /** Entries by which kernel and disk differed. */
  readonly reconciled: { readonly added: number; readonly removed: number };
  /** What was done on the way, for example a file system that was mounted. */
  readonly notices: readonly string[];
  readonly status: SystemStatus;
}

export interface DaemonReport extends StartReport {
  /** How many tokens for the API and the web UI there are. */
  readonly tokens: number;
}

export interface UnloadReport {
  /** Interfaces that the filter was on. */
  readonly detached: readonly string[];
}
