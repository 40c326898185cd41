import { useState } from 'react';
import type { ListName } from '../../../../src/model/entries.ts';
import type { Rule, RuleQuery } from '../../../../src/model/rules.ts';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useT } from '../../i18n/i18n.ts';
import { ask } from '../../parts/ask.tsx';
import { tell } from '../../parts/tell.tsx';

/** Most entries that are selected at once: each is removed by a request of its own. */
export const MAX_SELECTED = 1000;

export interface Selection {
  readonly prefixes: ReadonlySet<string>;
  readonly busy: boolean;
  toggle(prefix: string): void;
  clear(): void;
  /** Everything that matches a query, up to MAX_SELECTED; what stands in the configuration is left out. */
  selectAll(query: RuleQuery): Promise<void>;
  /** Asks, then removes these, or all that are selected. */
  remove(prefixes?: readonly string[]): Promise<void>;
}

export function useSelection(list: ListName): Selection {
  const t = useT();
  const { make, busy } = useChanges();
  const [prefixes, setPrefixes] = useState<ReadonlySet<string>>(new Set());

  const toggle = (prefix: string) => {
    const next = new Set(prefixes);
    if (!next.delete(prefix)) next.add(prefix);
    setPrefixes(next);
  };

  const selectAll = async (query: RuleQuery) => {
    const { rules } = await netxfw.rules.list({ ...query, list, offset: 0, limit: MAX_SELECTED });
    setPrefixes(new Set(rules.filter(isOurs).map(({ prefix }) => prefix)));
  };

  const remove = async (chosen: readonly string[] = [...prefixes]) => {
    const sure = await ask({
      title: t('rules.confirmRemove', { n: chosen.length }),
      text: t(list === 'deny' ? 'rules.confirmRemoveDeny' : 'rules.confirmRemoveAllow'),
      action: t('action.remove'),
      dangerous: true,
    });
    if (!sure) return;
    await make(async (options) => {
      for (const prefix of chosen) await netxfw.rules.remove(prefix, list, options);
      tell(t('rules.removedMany', { n: chosen.length }));
    });
    setPrefixes(new Set());
  };

  return { prefixes, busy, toggle, clear: () => setPrefixes(new Set()), selectAll, remove };
}

/** Made by commands or here, so that it can be removed here. */
export function isOurs({ source }: Rule): boolean {
  return source !== 'config';
}
