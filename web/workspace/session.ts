import { createContext, useContext } from 'react';
import type { WorkspaceState } from '../../local/workspace/ui/contract.ts';

/** What every part of the page may need. */
export type Session = {
  state: WorkspaceState;
  /** The name of a person, the app or a channel; the id itself when it is none of them. */
  nameOf: (id: string) => string;
  /** Tells the person what went wrong and what to do. */
  complain: (say: string) => void;
  openConversation: (id: string) => void;
};

export const SessionContext = createContext<Session | undefined>(undefined);

export const useSession = (): Session => {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession is for parts of the page that stand inside SessionContext');
  return session;
};

export const nameIn =
  (state: WorkspaceState) =>
  (id: string): string => {
    if (id === state.app.id) return state.app.name;
    const person = state.people.find((each) => each.id === id);
    return person?.name ?? state.conversations.find((each) => each.id === id)?.name ?? id;
  };
