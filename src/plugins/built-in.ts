import type { PluginDefinition } from './define.ts';

type Loader = () => Promise<PluginDefinition>;

/** The plugins that come with netxfw; each has its own section in config.yaml. */
export const BUILT_IN = {} as const satisfies Record<string, Loader>;

export type BuiltInName = keyof typeof BUILT_IN;
