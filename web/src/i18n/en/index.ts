import { common } from './common.ts';
import { overview } from './overview.ts';
import { reasons } from './reasons.ts';
import { rules } from './rules.ts';

export const en = { ...common, ...overview, ...reasons, ...rules };

export type TextKey = keyof typeof en;
export type Texts = Readonly<Record<TextKey, string>>;
