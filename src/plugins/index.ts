/**
 * What a plugin is written with.
 *
 *     import { definePlugin, z } from 'netxfw/plugin';
 *     export default definePlugin({ name: 'hello', schema: z.object({}), setup({ log }) { log.info('hello'); } });
 */
export { z } from 'zod';
export { NetxfwError } from '../model/errors.ts';
export {
  definePlugin,
  type KeyValueStore,
  type PluginContext,
  type PluginDefinition,
  type PluginEvents,
  type PluginHandle,
  type PluginLog,
  type PluginSchema,
  type PluginStore,
} from './define.ts';
