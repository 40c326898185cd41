import { useEffect, useState } from 'react';
import type { ListName } from '../../../../src/model/entries.ts';
import type { Rule, RuleSelection } from '../../../../src/model/rules.ts';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { ask } from '../../parts/ask.tsx';
import { tell, tellFailure } from '../../parts/tell.tsx';

/** Some entries, or everything that the search finds but some. */
interface Chosen {
  readonly everything: boolean;
  /** The chosen ones, or those that are left out. */
  readonly prefixes: ReadonlySet<string>;
  /** How many there are when nothing is left out. */
  readonly total: number;
}

const NOTHING: Chosen = { everything: false, prefixes: new Set(), total: 0 };

export interface Selection {
  readonly count: number;
  readonly busy: boolean;
  has(prefix: string): boolean;
  toggle(prefix: string): void;
  clear(): void;
  /** Everything that the search finds, however much; what stands in the configuration is left out. */
  selectAll(): Promise<void>;
  /** Asks, then removes this one, or all that are selected, as one change. */
  remove(prefix?: string): Promise<void>;
}

export function useSelection(list: ListName, search: string): Selection {
  const t = useT();
  const { make, busy } = useChanges();
  const [chosen, setChosen] = useState<Chosen>(NOTHING);
  // What is selected is what can be seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => setChosen(NOTHING), [list, search]);

  const { everything, prefixes } = chosen;
  const count = everything ? Math.max(0, chosen.total - prefixes.size) : prefixes.size;

  const toggle = (prefix: string) => {
    const next = new Set(prefixes);
    if (!next.delete(prefix)) next.add(prefix);
    setChosen({ ...chosen, prefixes: next });
  };

  const selectAll = async () => {
    const { removed, staying } = await netxfw.rules.previewRemoval({ list, search });
    setChosen({ everything: true, prefixes: new Set(), total: removed + staying });
  };

  const remove = async (only?: string) => {
    const selection: RuleSelection =
      only !== undefined
        ? { list, prefixes: [only] }
        : everything
          ? { list, search, except: [...prefixes] }
          : { list, prefixes: [...prefixes] };
    const found = await netxfw.rules.previewRemoval(selection).catch(tellFailure);
    if (!found) return;
    const n = found.removed + found.staying;
    const text = consequences(t, list, found);
    const action = t('action.remove');
    if (!(await ask({ title: t('rules.confirmRemove', { n }), text, action, dangerous: true }))) return;
    // Nobody agreed to more, or to others, than the question said.
    const done = await make((options) => netxfw.rules.removeMany({ ...selection, expect: n }, options));
    if (done === undefined) return;
    tell(t('rules.removedMany', { n: done.removed }));
    if (only === undefined) setChosen(NOTHING);
  };

  return {
    count,
    busy,
    has: (prefix) => prefixes.has(prefix) !== everything,
    toggle,
    clear: () => setChosen(NOTHING),
    selectAll,
    remove,
  };
}

function consequences(t: Translate, list: ListName, found: { readonly staying: number; readonly configured: number }) {
  return [
    t(list === 'deny' ? 'rules.confirmRemoveDeny' : 'rules.confirmRemoveAllow'),
    ...(found.staying > 0 ? [t('rules.removeStaying', { n: found.staying })] : []),
    ...(found.configured > 0 ? [t('rules.removeConfigured', { n: found.configured })] : []),
  ].join(' ');
}

/** Made by commands or here, so that it can be removed here. */
export function isOurs({ source }: Rule): boolean {
  return source !== 'config';
}
