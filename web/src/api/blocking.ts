import { formatDuration } from '../../../src/model/durations.ts';
import type { RuleChange } from '../../../src/model/rules.ts';
import { useT } from '../i18n/i18n.ts';
import { tell, withNotices } from '../parts/tell.tsx';
import { useChanges } from './change.ts';
import { netxfw } from './netxfw.ts';

/** What a block of one click means, seconds. */
export const DAY = 86_400;

/** As it stands in the list of rules. */
const REASON = 'blocked in the web UI';

/** Blocking a source from wherever it shows, with a way back. */
export function useBlocking() {
  const t = useT();
  const { make, busy } = useChanges();

  const unblock = (prefix: string) =>
    make(async (options) => {
      await netxfw.rules.remove(prefix, 'deny', options);
      tell(t('block.undone', { address: prefix }));
    });

  /** @param ttl seconds; null = until somebody removes it */
  const block = (prefix: string, ttl: number | null = DAY): Promise<RuleChange | undefined> =>
    make(async (options) => {
      const rule = { list: 'deny', prefix, reason: REASON, ...(ttl === null ? {} : { ttl }) } as const;
      const done = await netxfw.rules.add(rule, options);
      const time = ttl === null ? t('duration.forever') : formatDuration(ttl);
      const text = t('block.done', { address: done.rule.prefix, time });
      const undo = { label: t('action.undo'), run: () => void unblock(done.rule.prefix) };
      tell(withNotices(text, done.notices), done.change === 'unchanged' ? undefined : undo);
      return done;
    });

  return { block, busy };
}
