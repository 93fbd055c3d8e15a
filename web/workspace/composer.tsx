import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { ConversationView, MessageView } from '../../local/workspace/ui/contract.ts';
import { call } from './client.ts';
import { hintsFor } from './command-hints.ts';
import { addToHistory, historyOf } from './history.ts';
import { Icon } from './icon.tsx';
import { useSession } from './session.ts';

type Props = { conversation: ConversationView; replyTo: MessageView | undefined; onReplyEnd: () => void };

/** Going back through what was sent before, and forward again to what was being written. */
const useHistory = (handle: string, draft: string, setDraft: (text: string) => void) => {
  const at = useRef<{ index: number; draft: string } | undefined>(undefined);
  const step = (by: number): boolean => {
    const lines = historyOf(handle);
    const from = at.current ?? { index: lines.length, draft };
    const index = from.index + by;
    if (index < 0 || index > lines.length || lines.length === 0) return false;
    at.current = index === lines.length ? undefined : { ...from, index };
    setDraft(lines[index] ?? from.draft);
    return true;
  };
  const forget = (): void => {
    at.current = undefined;
  };
  return { step, forget, browsing: () => at.current !== undefined };
};

export const Composer = ({ conversation, replyTo, onReplyEnd }: Props) => {
  const { state, complain } = useSession();
  const listId = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState('');
  const [chosen, setChosen] = useState(-1);
  const [hidden, setHidden] = useState(false);
  const history = useHistory(state.me.handle, draft, setDraft);
  const hints = hidden || history.browsing() ? [] : hintsFor(draft);
  const place = conversation.kind === 'channel' ? `#${conversation.name}` : conversation.name;

  useEffect(() => box.current?.focus(), []);
  useEffect(() => {
    if (replyTo) box.current?.focus();
  }, [replyTo]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the box grows with what is in it
  useLayoutEffect(() => {
    if (!box.current) return;
    box.current.style.height = 'auto';
    box.current.style.height = `${Math.min(box.current.scrollHeight, 160)}px`;
  }, [draft]);

  const write = (text: string): void => {
    setDraft(text);
    setChosen(-1);
    setHidden(false);
  };
  const send = async (): Promise<void> => {
    const text = draft.trim();
    if (text === '') return;
    addToHistory(state.me.handle, text);
    history.forget();
    write('');
    const thread = replyTo && !text.startsWith('/') ? { threadTs: replyTo.ts } : {};
    const answer = await call('say', { as: state.me.handle, channel: conversation.id, text, ...thread });
    if (answer.ok) return onReplyEnd();
    setDraft((now) => (now === '' ? text : now));
    complain(answer.say);
  };
  const take = (index: number): void => {
    const hint = hints[index];
    if (!hint) return;
    write(hint.insert);
    box.current?.focus();
  };
  const move = (by: number): void => setChosen((now) => Math.max(-1, Math.min(hints.length - 1, now + by)));

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const { key } = event;
    if (event.nativeEvent.isComposing) return;
    const handled = ((): boolean => {
      if (key === 'Enter' && !event.shiftKey) {
        if (chosen >= 0) take(chosen);
        else void send();
        return true;
      }
      const offered = hints[Math.max(0, chosen)];
      // Tab goes on through the page where it has nothing to complete.
      if (key === 'Tab' && offered && offered.insert !== draft && !event.shiftKey) {
        take(Math.max(0, chosen));
        return true;
      }
      if (key === 'Escape' && (hints.length > 0 || replyTo)) {
        if (hints.length > 0) setHidden(true);
        else onReplyEnd();
        return true;
      }
      if (key === 'ArrowDown' && hints.length > 0) {
        move(1);
        return true;
      }
      if (key === 'ArrowUp' && chosen >= 0) {
        move(-1);
        return true;
      }
      if (key === 'ArrowUp' && (draft === '' || history.browsing())) return history.step(-1);
      if (key === 'ArrowDown' && history.browsing()) return history.step(1);
      return false;
    })();
    if (handled) event.preventDefault();
  };

  return (
    <div className="composer">
      {hints.length > 0 && (
        <div className="hints" role="listbox" id={listId} aria-label="Commands">
          {hints.map((hint, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the text box's, which keeps the focus
            <div
              key={hint.shown}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(index)}
            >
              <code>{hint.shown}</code>
              <span>{hint.about}</span>
            </div>
          ))}
        </div>
      )}
      {replyTo && (
        <div className="replying">
          Replying to {replyTo.author.name}
          <button type="button" className="link" onClick={onReplyEnd}>
            Cancel
          </button>
        </div>
      )}
      <div className="composer-row">
        <textarea
          id="composer"
          ref={box}
          rows={1}
          value={draft}
          disabled={conversation.readOnly}
          placeholder={
            conversation.readOnly
              ? 'Sending messages to this app has been turned off.'
              : replyTo
                ? 'Reply…'
                : `Message ${place}, or /access`
          }
          aria-label={`Message to ${place}`}
          aria-autocomplete="list"
          aria-controls={listId}
          {...(chosen >= 0 ? { 'aria-activedescendant': `${listId}-${chosen}` } : {})}
          onChange={(event) => {
            history.forget();
            write(event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
        <button
          type="button"
          className="send"
          aria-label="Send"
          disabled={draft.trim() === ''}
          onClick={() => void send()}
        >
          <Icon name="send" />
        </button>
      </div>
      <p className="keys" aria-hidden="true">
        <kbd>Enter</kbd> sends · <kbd>Shift</kbd>+<kbd>Enter</kbd> new line · <kbd>↑</kbd> what you sent before
      </p>
    </div>
  );
};
