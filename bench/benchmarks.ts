import type { Benchmark } from './figures.ts';

/** All of them in the order in which they run; each is loaded when it does. */
export const BENCHMARKS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  packet: async () => (await import('./packet.ts')).packet,
  live: async () => (await import('./live.ts')).live,
  logs: async () => (await import('./logs.ts')).logs,
  load: async () => (await import('./load.ts')).load,
  reload: async () => (await import('./reload.ts')).reload,
  start: async () => (await import('./start.ts')).start,
  cli: async () => (await import('./cli.ts')).cli,
  api: async () => (await import('./api.ts')).api,
  idle: async () => (await import('./idle.ts')).idle,
  scale: async () => (await import('./scale.ts')).scale,
};
