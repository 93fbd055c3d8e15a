import { useCallback, useEffect, useMemo, useState } from 'react';
import type { WorkspaceState } from '../../local/workspace/ui/contract.ts';
import { addressOf, readAddress } from './address.ts';
import { Announcer } from './announcer.tsx';
import { Conversation } from './conversation.tsx';
import { Icon } from './icon.tsx';
import { Machinery } from './machinery.tsx';
import { Modal } from './modal.tsx';
import { nameIn, type Session, SessionContext } from './session.ts';
import { Sidebar } from './sidebar.tsx';
import { Toasts, useToasts } from './toasts.tsx';
import { useWorkspace } from './use-workspace.ts';

const start = readAddress(window.location);
const wide = (): boolean => window.matchMedia('(min-width: 1100px)').matches;

type FrameProps = {
  state: WorkspaceState;
  online: boolean;
  conversationId: string | undefined;
  onPerson: (handle: string) => void;
  onConversation: (id: string) => void;
};

const Frame = ({ state, online, conversationId, onPerson, onConversation }: FrameProps) => {
  const { toasts, complain, drop } = useToasts();
  const [sideOpen, setSideOpen] = useState(false);
  const [machineryOpen, setMachineryOpen] = useState(wide);
  const current = state.conversations.find(({ id }) => id === conversationId) ?? state.conversations[0];
  const openConversation = useCallback(
    (id: string) => {
      setSideOpen(false);
      onConversation(id);
    },
    [onConversation],
  );
  const session = useMemo<Session>(
    () => ({ state, nameOf: nameIn(state), complain, openConversation }),
    [state, complain, openConversation],
  );
  const title = current && (current.kind === 'channel' ? `#${current.name}` : current.name);
  const waiting = state.conversations.some(({ id, unread }) => unread && id !== current?.id);
  useEffect(() => {
    document.title = `${waiting ? '• ' : ''}${title ?? ''} · ${state.me.name} · Daypass`;
  }, [title, waiting, state.me.name]);
  return (
    <SessionContext value={session}>
      <div className={machineryOpen ? 'frame with-below' : 'frame'}>
        <Sidebar currentId={current?.id ?? ''} open={sideOpen} onPerson={onPerson} />
        {sideOpen && (
          <button type="button" className="veil" aria-label="Close the list" onClick={() => setSideOpen(false)} />
        )}
        <main>
          <header className="bar">
            <button
              type="button"
              className="plain-button menu"
              aria-label="Conversations"
              aria-expanded={sideOpen}
              aria-controls="sidebar"
              onClick={() => setSideOpen(!sideOpen)}
            >
              <Icon name="menu" />
              {waiting && <span className="dot" />}
            </button>
            <h1>{title}</h1>
            <span className="as">as {state.me.name}</span>
            <button
              type="button"
              className="plain-button"
              aria-expanded={machineryOpen}
              aria-controls="below"
              onClick={() => setMachineryOpen(!machineryOpen)}
            >
              <Icon name="layers" /> Below
            </button>
          </header>
          {!online && (
            <p className="offline">Not connected. Is Daypass still running? The page tries again by itself.</p>
          )}
          {current && (
            <Conversation
              key={`${state.me.id}/${current.id}`}
              conversation={current}
              wantedTs={current.id === start.conversationId ? start.ts : undefined}
            />
          )}
        </main>
        {machineryOpen && <Machinery onClose={() => setMachineryOpen(false)} />}
      </div>
      {state.modal && <Modal key={state.modal.id} view={state.modal} />}
      <Toasts toasts={toasts} onDrop={drop} />
      <Announcer />
    </SessionContext>
  );
};

export const App = () => {
  const [handle, setHandle] = useState(start.handle);
  const [conversationId, setConversationId] = useState(start.conversationId);
  const { state, online } = useWorkspace(handle);
  const onPerson = useCallback((next: string) => {
    setHandle(next);
    // Direct messages are each person's own.
    setConversationId((id) => (id?.startsWith('D') ? undefined : id));
  }, []);
  useEffect(() => {
    if (conversationId !== start.conversationId || handle !== start.handle)
      window.history.replaceState(null, '', addressOf(handle, conversationId));
  }, [handle, conversationId]);
  if (state)
    return (
      <Frame
        key={handle}
        state={state}
        online={online}
        conversationId={conversationId}
        onPerson={onPerson}
        onConversation={setConversationId}
      />
    );
  return (
    <p className="loading" role="status">
      {online ? 'Opening the workspace…' : `Nothing is here for “${handle}”, or Daypass is not running. Try ?as=alice.`}
    </p>
  );
};
