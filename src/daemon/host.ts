/** What the CLI runs in its own process: the daemon, and loading and unloading without one. */
export { type CheckReport, check } from './check.ts';
export { type DaemonOptions, type DaemonReport, daemon } from './daemon.ts';
export { type DoctorOptions, doctor } from './doctor/doctor.ts';
export { type LoadOptions, load, type UnloadOptions, type UnloadReport, unload } from './load.ts';
export type { StartReport } from './report.ts';
