import type { KeyboardEvent } from 'react';
import type { ConversationView } from '../../local/workspace/ui/contract.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';
import { useSession } from './session.ts';

/** The arrow keys go from button to button, Home and End to the ends. */
export const moveFocus = (event: KeyboardEvent<HTMLElement>): void => {
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  const next: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowRight: at + 1,
    ArrowUp: at - 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: buttons.length - 1,
  };
  const target = Object.hasOwn(next, event.key) ? next[event.key] : undefined;
  if (target === undefined) return;
  event.preventDefault();
  buttons[(target + buttons.length) % buttons.length]?.focus();
};

const People = ({ onPerson }: { onPerson: (handle: string) => void }) => {
  const { state } = useSession();
  return (
    <div className="people" role="toolbar" aria-label="Act as" onKeyDown={moveFocus}>
      {state.people.map((person) => {
        const current = person.id === state.me.id;
        return (
          <button
            key={person.id}
            type="button"
            aria-pressed={current}
            aria-label={`Act as ${person.name}`}
            title={`Act as ${person.name}`}
            tabIndex={current ? 0 : -1}
            onClick={() => onPerson(person.handle)}
          >
            <Avatar name={person.name} kind="person" small />
            <span>{person.name}</span>
          </button>
        );
      })}
    </div>
  );
};

const Entry = ({ conversation, current }: { conversation: ConversationView; current: boolean }) => {
  const { openConversation } = useSession();
  const unread = conversation.unread && !current;
  return (
    <li>
      <button
        type="button"
        className={unread ? 'entry unread' : 'entry'}
        aria-current={current ? 'page' : undefined}
        tabIndex={current ? 0 : -1}
        onClick={() => openConversation(conversation.id)}
      >
        <span aria-hidden="true" className="sigil">
          {conversation.kind === 'channel' ? '#' : <Icon name="pass" />}
        </span>
        <span className="entry-name">{conversation.name}</span>
        {unread && (
          <span className="dot">
            <span className="unseen">, unread</span>
          </span>
        )}
      </button>
    </li>
  );
};

export const Sidebar = (props: { currentId: string; open: boolean; onPerson: (handle: string) => void }) => {
  const { state } = useSession();
  const part = (kind: ConversationView['kind']) =>
    state.conversations
      .filter((conversation) => conversation.kind === kind)
      .map((conversation) => (
        <Entry key={conversation.id} conversation={conversation} current={conversation.id === props.currentId} />
      ));
  return (
    <aside className={props.open ? 'sidebar open' : 'sidebar'} id="sidebar">
      <div className="team">
        <span className="team-mark" aria-hidden="true">
          <Icon name="pass" />
        </span>
        <span>
          <strong>{state.team.name}</strong>
          <small>on this machine</small>
        </span>
      </div>
      <h2 className="side-title">You are</h2>
      <People onPerson={props.onPerson} />
      <nav aria-label="Conversations" onKeyDown={moveFocus}>
        <h2 className="side-title">Channels</h2>
        <ul>{part('channel')}</ul>
        <h2 className="side-title">Direct messages</h2>
        <ul>{part('direct')}</ul>
      </nav>
    </aside>
  );
};
