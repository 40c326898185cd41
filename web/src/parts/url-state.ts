import { useSearchParams } from 'wouter';

/** The part of a page's state that stands in its address, so that it can be kept, sent and gone back to. */
export interface UrlState {
  get(name: string): string;
  /** Sets several at once; an empty value leaves the name out. */
  set(values: Readonly<Record<string, string>>): void;
}

export function useUrlState(): UrlState {
  const [params, setParams] = useSearchParams();
  return {
    get: (name) => params.get(name) ?? '',
    set: (values) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(values)) {
            if (value === '') next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace: true },
      ),
  };
}

/** One of a few values from the address; the first when it holds none of them. */
export function choiceOf<const T extends readonly string[]>(values: T, text: string): T[number] {
  return values.includes(text) ? text : values[0]!;
}
