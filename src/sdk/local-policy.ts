import type { Engine } from '../engine/engine.ts';
import type { ConfigAPI, LimitAPI, PortAPI } from './types.ts';

export function localLimits({ limits }: Engine): LimitAPI {
  return {
    add: (input, options) => limits.add(input, options),
    remove: (prefix, options) => limits.remove(prefix, options),
    list: async () => limits.list(),
  };
}

export function localPorts({ ports }: Engine): PortAPI {
  return {
    open: (spec, options) => ports.open(spec, options),
    close: (spec, options) => ports.close(spec, options),
    edit: async (edit, options) => ({ opened: await ports.edit(edit, options) }),
    list: async () => ports.list(),
    suggest: async () => ports.suggest(),
    addRule: (input, options) => ports.addRule(input, options),
    removeRule: (prefix, range, protocol, options) => ports.removeRule(prefix, range, protocol, options),
    listRules: async () => ports.listRules(),
  };
}

export function localConfig({ config }: Engine): ConfigAPI {
  return {
    get: async () => config.get(),
    validate: async (yaml) => config.validate(yaml),
    replace: (yaml, options) => config.replace(yaml, options),
    set: (values, options) => config.set(values, options),
    reload: (options) => config.reload(options),
    pending: async () => config.pending(),
    confirm: () => config.confirm(),
    rollback: () => config.rollback(),
    syncToConfig: (options) => config.syncToConfig(options),
    syncToMap: () => config.syncToMap(),
  };
}
