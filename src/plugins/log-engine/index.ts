import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LogEngineConfig, logEngineSchema } from '../../model/config-log.ts';
import { definePlugin } from '../define.ts';
import { LogEngine } from './engine.ts';
import { allRules } from './ready.ts';

/** configs/log-rules of the checkout or package that this code, compiled or not, belongs to. */
export function readyDirectory(): string {
  for (let current = dirname(fileURLToPath(import.meta.url)); ; current = dirname(current)) {
    const path = join(current, 'configs', 'log-rules');
    if (existsSync(path) || current === dirname(current)) return path;
  }
}

/** Watches logs and blocks the sources of what it finds there. */
export default definePlugin<LogEngineConfig>({
  name: 'log-engine',
  schema: logEngineSchema,
  async setup(context) {
    const start = (config: LogEngineConfig) => LogEngine.start({ rules: allRules(config, readyDirectory()), context });
    const engine = await start(context.config);
    return { stop: () => engine.stop(), commands: { figures: () => engine.figures() } };
  },
});
