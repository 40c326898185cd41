import type { PluginDefinition } from './define.ts';

type Loader = () => Promise<PluginDefinition>;

/** The plugins that come with netxfw; each has its own section in config.yaml. */
export const BUILT_IN: Readonly<Record<string, Loader>> = {
  crowdsec: async () => (await import('./crowdsec/index.ts')).default as PluginDefinition,
  feeds: async () => (await import('./feeds/index.ts')).default as PluginDefinition,
  'log-engine': async () => (await import('./log-engine/index.ts')).default as PluginDefinition,
};
