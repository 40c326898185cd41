import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { NetxfwError } from '../../../src/model/errors.ts';
import type { ChangeOptions } from '../../../src/model/operations.ts';
import { useT } from '../i18n/i18n.ts';
import { ask } from '../parts/ask.tsx';
import { failureText, tellFailure } from '../parts/tell.tsx';

export type Run<T> = (options: ChangeOptions) => Promise<T>;

export interface Changes {
  /** A change is on its way. */
  readonly busy: boolean;
  /**
   * Makes a change: asks first when the server names a risk, says why when it fails, and has everything on the page
   * read anew when it is done. @returns what the server answered; undefined when it failed or was not wanted
   */
  make<T>(run: Run<T>): Promise<T | undefined>;
  /** The same, but what the server refuses is the caller's to show. @throws NetxfwError */
  attempt<T>(run: Run<T>): Promise<T | undefined>;
}

export function useChanges(): Changes {
  const t = useT();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);

  const attempt = async <T>(run: Run<T>): Promise<T | undefined> => {
    setBusy(true);
    try {
      return await run({});
    } catch (thrown) {
      const error = NetxfwError.from(thrown);
      if (error.code !== 'LOCKOUT_RISK') throw error;
      const text = failureText({ message: error.message, hint: t('risk.text') });
      const sure = await ask({ title: t('risk.title'), text, action: t('action.anyway'), dangerous: true });
      return sure ? await run({ acceptRisk: ['lockout'] }) : undefined;
    } finally {
      setBusy(false);
      void queries.invalidateQueries();
    }
  };

  const make = async <T>(run: Run<T>): Promise<T | undefined> => {
    try {
      return await attempt(run);
    } catch (error) {
      tellFailure(error);
      return undefined;
    }
  };
  return { busy, make, attempt };
}
