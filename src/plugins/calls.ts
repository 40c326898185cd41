import { NetxfwError } from '../model/errors.ts';
import type { Reply } from './protocol.ts';

/** Questions to the other thread that wait for their reply. */
export class Calls {
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  #next = 1;

  /** @param send posts the question under the number that it is given */
  ask<T>(send: (id: number) => void): Promise<T> {
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      try {
        send(id);
      } catch (error) {
        this.#waiting.delete(id);
        reject(error);
      }
    });
  }

  settle({ id, value, error }: Reply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(NetxfwError.fromBody(error));
  }

  /** The other side will not answer any more. */
  abandon(error: NetxfwError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** The reply to a question, whatever the work does. */
export async function replyOf(id: number, work: () => unknown): Promise<Reply> {
  try {
    return { type: 'reply', id, value: await work() };
  } catch (error) {
    return { type: 'reply', id, error: NetxfwError.from(error).toBody() };
  }
}
