/**
 * What a test made outside its own process (namespaces, pins, children, directories), undone in reverse order when the
 * test is done with it and, at the latest, when the process ends by itself or by a signal. What a killed process leaves
 * behind is found by its name: see sweep() in owned.ts.
 */
type Undo = () => void;

const pending = new Set<Undo>();
let armed = false;

function undoAll(): void {
  for (const undo of [...pending].reverse()) {
    pending.delete(undo);
    try {
      undo();
    } catch (error) {
      console.error('cleanup:', error);
    }
  }
}

function arm(): void {
  if (armed) return;
  armed = true;
  process.on('exit', undoAll);
  const numbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
  for (const [signal, number] of Object.entries(numbers)) {
    process.on(signal, () => {
      undoAll();
      process.exit(128 + number);
    });
  }
}

/**
 * Registers a synchronous undo step.
 * @returns a function that runs it now; running it again does nothing
 */
export function onCleanup(undo: Undo): () => void {
  arm();
  pending.add(undo);
  return () => {
    if (pending.delete(undo)) undo();
  };
}
