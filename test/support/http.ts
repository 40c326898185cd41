import type { Namespace } from './netns.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Sends a request from inside a namespace. @param options of curl(1) */
export async function request(at: Namespace, url: string, options: readonly string[] = []): Promise<Answer> {
  const text = await at.must(['curl', '--silent', '--show-error', '--write-out', '\n%{http_code}', ...options, url]);
  const end = text.lastIndexOf('\n');
  return { status: Number(text.slice(end + 1)), body: text.slice(0, end) };
}

export const bearer = (token: string): string[] => ['--header', `authorization: Bearer ${token}`];

/** The value of a series in Prometheus's text format; undefined when it is not there. */
export function metricIn(text: string, series: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
