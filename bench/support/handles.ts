/** Handles that end together, the last one first. */
export class Handles implements Disposable {
  readonly #owned: Disposable[] = [];

  use<T extends Disposable>(handle: T): T {
    this.#owned.push(handle);
    return handle;
  }

  [Symbol.dispose](): void {
    for (const handle of this.#owned.splice(0).reverse()) handle[Symbol.dispose]();
  }
}
