/** What the CLI runs in its own process: the daemon, and loading and unloading without one. */
export { type DaemonOptions, type DaemonReport, daemon } from './daemon.ts';
export { type LoadOptions, load, type UnloadOptions, type UnloadReport, unload } from './load.ts';
export type { StartReport } from './report.ts';
