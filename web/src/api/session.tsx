import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { NetxfwError } from '../../../src/model/errors.ts';
import type { SessionInfo } from '../../../src/model/sessions.ts';
import { LoginPage } from '../pages/login/login-page.tsx';
import { CenteredLoader, FailureState } from '../parts/states.tsx';
import { connection } from './connection.ts';
import { currentSession, mayHaveSession } from './netxfw.ts';
import { useStore } from './store.ts';

const SessionContext = createContext<SessionInfo | null>(null);

/** Who uses the page. */
export function useSession(): SessionInfo {
  return use(SessionContext)!;
}

/** False with a token that may only look; the server refuses such changes whatever the page offers. */
export function useCanChange(): boolean {
  return useSession().role === 'admin';
}

const RETRY = 1000;

/** Shows its children to whoever has a session, and the login to everybody else. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const [session, setSession] = useState<SessionInfo | null>(null);
  const [failure, setFailure] = useState<NetxfwError | null>(null);
  const [attempt, setAttempt] = useState(0);
  const { loggedOut } = useStore(connection);
  const queries = useQueryClient();

  useEffect(() => {
    if (!mayHaveSession()) return;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    currentSession().then(
      (found) => {
        if (gone) return;
        setFailure(null);
        setSession(found);
      },
      (thrown) => {
        if (gone) return;
        const error = NetxfwError.from(thrown);
        setFailure(error);
        // Without a session there is nothing to wait for but the login, and each attempt counts as a wrong one.
        if (!isRefusal(error)) timer = setTimeout(() => setAttempt(attempt + 1), RETRY);
      },
    );
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [attempt]);

  const enter = (begun: SessionInfo) => {
    queries.clear();
    setFailure(null);
    setSession(begun);
  };
  const refused = failure !== null && isRefusal(failure);
  if (loggedOut || refused || (session === null && !mayHaveSession()))
    return <LoginPage ended={session !== null} onEnter={enter} />;
  if (session === null) return failure === null ? <CenteredLoader /> : <FailureState error={failure} />;
  return <SessionContext value={session}>{children}</SessionContext>;
}

function isRefusal({ code }: NetxfwError): boolean {
  return code === 'UNAUTHORIZED' || code === 'TOO_MANY_REQUESTS';
}
