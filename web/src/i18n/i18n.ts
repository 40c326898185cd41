import { createStore, useStore } from '../api/store.ts';
import { en, type TextKey, type Texts } from './en/index.ts';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
/** As HTML and Intl name them. */
export const LANGUAGE_TAGS: Record<Language, string> = { en: 'en', zh: 'zh-Hans' };
/** Each in its own language. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', zh: '简体中文' };

const KEPT_AS = 'netxfw-language';

interface Current {
  readonly language: Language;
  readonly texts: Texts;
  /** Turns what the daemon says, which is English, into the language. */
  readonly said: (text: string) => string;
}

const asItIs = (text: string): string => text;
const current = createStore<Current>({ language: 'en', texts: en, said: asItIs });

export type Values = Readonly<Record<string, string | number>>;
export type Translate = (key: TextKey, values?: Values) => string;

/** The language that was chosen on this computer before, else the first known one that the browser asks for. */
export function preferredLanguage(): Language {
  const kept = localStorage.getItem(KEPT_AS);
  if (LANGUAGES.includes(kept as Language)) return kept as Language;
  const known = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return (known.find((tag) => LANGUAGES.includes(tag as Language)) as Language | undefined) ?? 'en';
}

/** Loads the texts of a language, and shows everything in it from then on. */
export async function setLanguage(language: Language): Promise<void> {
  const { zh: texts, said } = language === 'en' ? { zh: en, said: asItIs } : await import('./zh/index.ts');
  document.documentElement.lang = LANGUAGE_TAGS[language];
  current.set({ language, texts, said: (text) => said(text) });
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEPT_AS, language);
}

export function useLanguage(): Language {
  return useStore(current).language;
}

/** Texts in the current language; `{name}` in a text stands for a value. */
export function useT(): Translate {
  useStore(current);
  return translate;
}

/** What the daemon says (warnings, findings, errors), in the current language as far as it is known there. */
export function useSaid(): (text: string) => string {
  return useStore(current).said;
}

/** The same outside of a component: does not follow changes. */
export function said(text: string): string {
  return current.get().said(text);
}

/** A text with its values. `one || more` chooses by the value `n`. Outside of a component: does not follow changes. */
export function translate(key: TextKey, values: Values = {}): string {
  const { texts, language } = current.get();
  const text = chosen(texts[key], values.n, language);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? formatNumber(value) : value;
  });
}

function chosen(text: string, n: string | number | undefined, language: Language): string {
  const forms = text.split('||');
  if (forms.length === 1 || typeof n !== 'number') return text;
  return new Intl.PluralRules(LANGUAGE_TAGS[language]).select(n) === 'one' ? forms[0]! : forms[1]!;
}

export function languageTag(): string {
  return LANGUAGE_TAGS[current.get().language];
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(languageTag(), { maximumFractionDigits: 1 }).format(value);
}
