import type { ImportProgress } from '../../model/rules.ts';
import type { Output } from './output.ts';

export interface Progress {
  show(progress: ImportProgress): void;
  stop(): void;
}

const PHASES: Record<ImportProgress['phase'], string> = { read: 'reading', apply: 'loading', store: 'saving' };

/** A bar on stderr when somebody watches it. The library is loaded only then. */
export async function startProgress(out: Output): Promise<Progress> {
  if (!out.live) return { show() {}, stop() {} };
  const { default: progress } = await import('cli-progress');
  const bar = new progress.SingleBar({
    format: '{phase} {bar} {value}/{total}',
    barCompleteChar: '#',
    barIncompleteChar: '.',
    barsize: 30,
    clearOnComplete: true,
    hideCursor: false,
    gracefulExit: false,
    stream: process.stderr,
  });
  let started = false;
  return {
    show({ done, total, phase }) {
      if (!started) bar.start(total, done, { phase: PHASES[phase] });
      started = true;
      bar.setTotal(total);
      bar.update(done, { phase: PHASES[phase] });
    },
    stop() {
      if (started) bar.stop();
    },
  };
}
