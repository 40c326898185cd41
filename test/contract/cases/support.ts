import { expect } from 'vitest';
import type { MemoryDataPlane } from '../../../src/dataplane/memory.ts';
import { type ErrorCode, NetxfwError } from '../../../src/model/errors.ts';
import type { Netxfw } from '../../../src/sdk/types.ts';

/** A fresh, empty netxfw per test; `dispose` removes whatever stands behind it. */
export interface Subject {
  readonly netxfw: Netxfw;
  /** What stands in for the kernel: where packets arrive and connections are tracked. */
  readonly dataplane: MemoryDataPlane;
  dispose(): Promise<void>;
}

export interface Implementation {
  readonly name: string;
  open(): Promise<Subject>;
}

/** What every test of the contract gets. */
export type Use = () => Netxfw;
export type UseSubject = () => Subject;

/** The error that the promise rejects with; fails when it does not, or with anything but the code. */
export async function rejection(promise: Promise<unknown>, code: ErrorCode): Promise<NetxfwError> {
  const error = await promise.then(
    (value) => expect.fail(`expected ${code}, got ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(NetxfwError);
  expect(error).toMatchObject({ code });
  expect((error as NetxfwError).hint).not.toBe('');
  return error as NetxfwError;
}

export const bytes = (text: string): Uint8Array => Buffer.from(text);

export async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString('utf8');
}

export const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);

/** From the making of an entry to its end; the time of making is kept in whole seconds. */
export function secondsOfLife(entry: { readonly createdAt: string; readonly expiresAt: string | null }): number {
  return Math.floor((Date.parse(entry.expiresAt ?? '') - Date.parse(entry.createdAt)) / 1000);
}
