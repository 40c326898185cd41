import type { Texts } from '../en/index.ts';
import { common } from './common.ts';
import { overview } from './overview.ts';
import { reasons } from './reasons.ts';
import { rules } from './rules.ts';

export const zh: Texts = { ...common, ...overview, ...reasons, ...rules };
