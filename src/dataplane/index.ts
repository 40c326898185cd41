/** The packet filter: its interface, and the kernel's. The one on memory is memory.ts, which needs no kernel. */
export type { AttachOptions } from './attach.ts';
export type { DataPlane, ListChange, ReconcileReport } from './dataplane.ts';
export { KernelDataPlane } from './kernel.ts';
export type { KernelOptions } from './kernel-load.ts';
export type { Switches } from './kernel-program.ts';
export type { Capacity } from './map-sizes.ts';
export type { Judgement } from './packet-runner.ts';
export type { TunableValues } from './tunables.ts';
export { unload } from './unload.ts';
