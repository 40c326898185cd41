import type { Texts } from '../en/index.ts';
import { audit } from './audit.ts';
import { common } from './common.ts';
import { configuration } from './configuration.ts';
import { connections } from './connections.ts';
import { events } from './events.ts';
import { explain } from './explain.ts';
import { limits } from './limits.ts';
import { overview } from './overview.ts';
import { performance } from './performance.ts';
import { plugins } from './plugins.ts';
import { reasons } from './reasons.ts';
import { rules } from './rules.ts';
import { system } from './system.ts';

export { said } from './said.ts';

export const zh: Texts = {
  ...audit,
  ...common,
  ...configuration,
  ...connections,
  ...events,
  ...explain,
  ...limits,
  ...overview,
  ...performance,
  ...plugins,
  ...reasons,
  ...rules,
  ...system,
};
