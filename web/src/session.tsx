import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext } from 'react';
import { ApiProblem } from './api/call';
import { sessionNow, signOut } from './api/desk';
import type { Session } from './api/shapes';
import { ringNoMore } from './push';
import { SignIn } from './pages/sign-in';
import { Loading, Trouble } from './parts/states';

const SessionContext = createContext<Session | null>(null);

const NOT_SIGNED_IN = 401;

/** Whatever is inside may ask the API as the person who signed in. */
export function SessionGate({ children }: { children: ReactNode }) {
  const session = useQuery({ queryKey: ['session'], queryFn: sessionNow, retry: false, staleTime: Infinity });
  if (session.isPending) return <Loading />;
  if (session.error instanceof ApiProblem && session.error.status === NOT_SIGNED_IN) return <SignIn />;
  if (session.error) return <Trouble cause={session.error} retry={() => void session.refetch()} />;
  return <SessionContext.Provider value={session.data}>{children}</SessionContext.Provider>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('SessionGate is missing');
  return session;
}

/** Ends the session, and forgets what it had read; whoever uses this device next is not rung. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await ringNoMore().catch((cause: unknown) => console.warn('This device may go on ringing.', cause));
    await signOut();
    queries.clear();
    window.location.assign('/');
  };
}
