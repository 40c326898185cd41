import { common } from './common.ts';
import { overview } from './overview.ts';
import { reasons } from './reasons.ts';

export const en = { ...common, ...overview, ...reasons };

export type TextKey = keyof typeof en;
export type Texts = Readonly<Record<TextKey, string>>;
