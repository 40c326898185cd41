/** What a slow reader did not get. */
export interface Lost {
  readonly lost: number;
}

/**
 * Carries items from where they come up to one reader, who may be slower. When the box is full, new items are counted
 * instead of kept, and the reader is told how many in their place.
 */
export class Mailbox<Item> implements AsyncIterable<Item | Lost> {
  readonly #capacity: number;
  readonly #onClose: () => void;
  #items: (Item | Lost)[] = [];
  #at = 0;
  #lost = 0;
  #closed = false;
  #wake: () => void = () => {};

  /**
   * @param capacity items that wait at most
   * @param onClose called once, when the reader leaves or the box is closed
   */
  constructor(capacity: number, onClose: () => void) {
    this.#capacity = capacity;
    this.#onClose = onClose;
  }

  get waiting(): number {
    return this.#items.length - this.#at;
  }

  put(item: Item): void {
    if (this.#closed) return;
    if (this.waiting >= this.#capacity) {
      this.#lost++;
      return;
    }
    this.#noteLoss();
    this.#items.push(item);
    this.#wake();
  }

  /** Ends the reading once what waits is read. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#noteLoss();
    this.#onClose();
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item | Lost, void, undefined> {
    try {
      for (;;) {
        if (this.waiting === 0) this.#noteLoss();
        if (this.waiting > 0) yield this.#take();
        else if (this.#closed) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.close();
    }
  }

  #take(): Item | Lost {
    const item = this.#items[this.#at++]!;
    if (this.waiting === 0) {
      this.#items = [];
      this.#at = 0;
    }
    return item;
  }

  #noteLoss(): void {
    if (this.#lost === 0) return;
    this.#items.push({ lost: this.#lost });
    this.#lost = 0;
  }
}
