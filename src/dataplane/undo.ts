/** Steps that take back what an operation has done so far, should a later part of it fail. */
export class Undo {
  readonly #steps: (() => void)[] = [];
  readonly #held: Disposable[] = [];

  /** Runs `operation`; when it throws, runs the steps it has left, last first, and throws on. */
  static around<Result>(operation: (undo: Undo) => Result): Result {
    const undo = new Undo();
    try {
      return operation(undo);
    } catch (error) {
      for (const step of undo.#steps.reverse()) attempt(step);
      throw error;
    } finally {
      for (const held of undo.#held) held[Symbol.dispose]();
    }
  }

  add(step: () => void): void {
    this.#steps.push(step);
  }

  /** Keeps a handle that a step needs until the operation is over. */
  hold<Held extends Disposable>(held: Held): Held {
    this.#held.push(held);
    return held;
  }
}

/** A step that fails, because what it restores has gone meanwhile, must not keep the others from being taken. */
function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // What is thrown on is the reason for all of this.
  }
}
