import { run } from './run.ts';
import { parentVariables } from './session.ts';

// Not process.exit(): what is still on its way to a pipe would be lost. Each stream costs a millisecond to make.
process.exitCode = await run(process.argv.slice(2), {
  get stdout() {
    return process.stdout;
  },
  get stderr() {
    return process.stderr;
  },
  get stdin() {
    return process.stdin;
  },
  variables: process.env,
  parents: () => parentVariables(),
  interrupted() {
    const controller = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
    return controller.signal;
  },
  now: Date.now,
  connect: async (options) => (await import('../sdk/connect.ts')).connect(options),
  host: () => import('../daemon/host.ts'),
});
