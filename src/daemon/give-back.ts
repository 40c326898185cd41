import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { trimHeap } from '../ebpf/index.ts';

/** How often it is looked whether memory has grown, milliseconds. */
const INTERVAL = 10_000;
/** Growth that is worth a collection: a million imported rules leave several times as much behind. */
const GROWTH = 16 * 2 ** 20;

export interface Memory {
  /** Resident bytes. */
  resident(): number;
  /** Collects garbage and gives freed memory back to the kernel; takes some tens of milliseconds. */
  giveBack(): void;
}

/** V8 keeps what a large import needed until it needs it again, which on a quiet host is never. */
export function giveMemoryBack(memory: Memory = ofThisProcess(), interval = INTERVAL): Disposable {
  let settled = 0;
  const look = () => {
    if (memory.resident() < settled + GROWTH) return;
    memory.giveBack();
    settled = memory.resident();
  };
  const timer = setInterval(look, interval);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function ofThisProcess(): Memory {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return {
    resident: () => process.memoryUsage.rss(),
    giveBack() {
      // Buffers are freed beside the first collection; the second one waits for that.
      collect();
      collect();
      trimHeap();
    },
  };
}
