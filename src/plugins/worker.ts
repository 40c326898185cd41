import { register } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { NetxfwError } from '../model/errors.ts';
import { createRemote } from '../sdk/remote.ts';
import type { Netxfw } from '../sdk/types.ts';
import { BUILT_IN } from './built-in.ts';
import { Calls, replyOf } from './calls.ts';
import type {
  KeyValueStore,
  PluginContext,
  PluginDefinition,
  PluginEvents,
  PluginHandle,
  PluginLog,
  PluginStore,
} from './define.ts';
import type { FromWorker, StoreOperation, ToWorker, WorkerStart } from './protocol.ts';

/** The thread of one plugin: loads its module, hands it the SDK over the daemon's socket, and answers the host. */

const start = workerData as WorkerStart;
const host = parentPort!;
const post = (message: FromWorker) => host.postMessage(message);
const calls = new Calls();
const ended = new AbortController();

/** Plugins lie anywhere; what they import by this name lies with netxfw. */
const RESOLVE = `let library;
export async function initialize(data) { library = data.library; }
export async function resolve(name, context, next) {
  return name === 'netxfw/plugin' ? { url: library, format: 'module', shortCircuit: true } : next(name, context);
}`;

async function load(): Promise<PluginDefinition> {
  if (start.module.startsWith('netxfw:')) {
    return BUILT_IN[start.module.slice('netxfw:'.length)]!();
  }
  register(`data:text/javascript,${encodeURIComponent(RESOLVE)}`, { data: { library: start.library } });
  const found = ((await import(start.module)) as { default?: unknown }).default;
  const definition = found as Partial<PluginDefinition> | undefined;
  if (typeof definition?.setup !== 'function' || typeof definition.name !== 'string') {
    throw invalid('its default export is not what definePlugin returns');
  }
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(definition.name)) {
    throw invalid(`its name ${JSON.stringify(definition.name)} is not lower case letters, digits and dashes`);
  }
  return definition as PluginDefinition;
}

function invalid(why: string): NetxfwError {
  return new NetxfwError('CONFIG_INVALID', `the module is no plugin: ${why}`, {
    hint: 'Export definePlugin({ name, setup }) from netxfw/plugin as default.',
  });
}

function parsed(definition: PluginDefinition, config: unknown): unknown {
  try {
    return definition.schema === undefined ? config : definition.schema.parse(config);
  } catch (error) {
    const { issues } = error as { issues?: readonly { path: readonly PropertyKey[]; message: string }[] };
    const why = Array.isArray(issues)
      ? issues
          .map(({ path, message }) => (path.length > 0 ? `${path.map(String).join('.')}: ${message}` : message))
          .join('; ')
      : NetxfwError.from(error).message;
    throw new NetxfwError('CONFIG_INVALID', `its configuration is wrong: ${why}`, { cause: error });
  }
}

const log: PluginLog = Object.fromEntries(
  (['debug', 'info', 'warn', 'error'] as const).map((level) => [
    level,
    (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
      post({ type: 'log', level, message: String(message), fields: plain(fields) as Record<string, unknown> }),
  ]),
) as unknown as PluginLog;

/** What JSON keeps of a value, so that it can cross threads whatever a plugin puts into it. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value) ?? 'null');
}

function keyValue(shared: boolean): KeyValueStore {
  const ask = <T>(operation: StoreOperation, key = '', value: unknown = null) =>
    calls.ask<T>((id) => post({ type: 'store', id, shared, operation, key, value: plain(value) }));
  return {
    get: (key) => ask('get', key),
    set: async (key, value) => void (await ask('set', key, value)),
    delete: (key) => ask('delete', key),
    keys: () => ask('keys'),
  };
}

/** How long after the end of the event stream it is opened again, milliseconds. */
const RECONNECT = 1000;

function eventsOf(sdk: Netxfw): PluginEvents {
  const listeners = new Set<{ readonly type: string; call(event: never): void }>();
  let reading = false;
  const read = async () => {
    while (!ended.signal.aborted) {
      try {
        for await (const event of sdk.events.engine(ended.signal)) {
          for (const { type, call } of [...listeners]) if (type === event.type) call(event as never);
        }
      } catch (error) {
        log.debug(`the event stream ended: ${NetxfwError.from(error).message}`);
      }
      await new Promise((resolve) => setTimeout(resolve, RECONNECT).unref());
    }
  };
  return {
    on(type, listener) {
      const entry = { type, call: listener as (event: never) => void };
      listeners.add(entry);
      if (!reading) void read();
      reading = true;
      return () => void listeners.delete(entry);
    },
  };
}

async function run(): Promise<void> {
  const definition = await load();
  post({ type: 'name', name: definition.name });
  const config = parsed(definition, start.config);
  if (start.validateOnly) {
    post({ type: 'ready', name: definition.name, commands: [], reloads: false });
    return;
  }
  const sdk = createRemote({ socket: start.socket, origin: `plugin:${definition.name}` });
  const store: PluginStore = { ...keyValue(false), shared: keyValue(true) };
  const context: PluginContext<unknown> = {
    sdk,
    events: eventsOf(sdk),
    store,
    log,
    config,
    signal: ended.signal,
    health: (ok, message) => post({ type: 'health', ok: Boolean(ok), message: String(message) }),
  };
  const handle: PluginHandle<unknown> = (await definition.setup(context)) ?? {};
  serve(definition, handle, sdk);
  const commands = Object.keys(handle.commands ?? {});
  post({ type: 'ready', name: definition.name, commands, reloads: handle.reload !== undefined });
}

function serve(definition: PluginDefinition, handle: PluginHandle<unknown>, sdk: Netxfw): void {
  const answer = async (id: number, work: () => unknown) => host.postMessage(await replyOf(id, work));
  host.on('message', (message: ToWorker) => {
    if (message.type === 'reload') {
      void answer(message.id, async () => {
        await handle.reload!(parsed(definition, message.config));
      });
    }
    if (message.type === 'call') {
      void answer(message.id, async () => {
        const command = Object.hasOwn(handle.commands ?? {}, message.command) && handle.commands![message.command];
        if (!command) throw new NetxfwError('NOT_FOUND', `${definition.name} has no command ${message.command}`);
        return plain(await command(message.argument));
      });
    }
    if (message.type === 'stop') {
      ended.abort();
      void answer(message.id, async () => {
        await handle.stop?.();
        await sdk.close();
      });
    }
  });
}

host.on('message', (message: ToWorker) => {
  if (message.type === 'ping') post({ type: 'pong' });
  if (message.type === 'reply') calls.settle(message);
});
run().catch((error: unknown) => {
  post({ type: 'failed', error: NetxfwError.from(error).toBody() });
  host.close();
});
