import type { Texts } from '../en/index.ts';
import { common } from './common.ts';
import { connections } from './connections.ts';
import { events } from './events.ts';
import { explain } from './explain.ts';
import { limits } from './limits.ts';
import { overview } from './overview.ts';
import { performance } from './performance.ts';
import { reasons } from './reasons.ts';
import { rules } from './rules.ts';

export const zh: Texts = {
  ...common,
  ...connections,
  ...events,
  ...explain,
  ...limits,
  ...overview,
  ...performance,
  ...reasons,
  ...rules,
};
