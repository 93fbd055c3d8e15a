import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { toIso } from '#core/instant.ts';
import type { MessageView } from '../../local/workspace/ui/contract.ts';
import { initialValue } from '../../local/workspace/view-state.ts';
import { type Acting, ActingContext } from './acting.ts';
import { Avatar } from './avatar.tsx';
import { Blocks } from './blocks.tsx';
import { call } from './client.ts';
import { Icon } from './icon.tsx';
import { InlineMrkdwn, Mrkdwn } from './mrkdwn-text.tsx';
import { useSession } from './session.ts';
import { clockTime, fullTime, tsDate } from './time.ts';

type Props = { channel: string; message: MessageView; onReply?: (ts: string) => void; wanted?: boolean };

/** Buttons and choices in a message. A choice is held here until the message changes. */
const useMessageActing = (channel: string, ts: string): Acting => {
  const { state, complain } = useSession();
  const as = state.me.handle;
  const [held, setHeld] = useState<Readonly<Record<string, string | readonly string[] | null>>>({});
  return useMemo(
    () => ({
      valueHeld: (blockId, element) => {
        const value = held[`${blockId}/${String(element.action_id)}`];
        return value === undefined ? initialValue(element) : value;
      },
      setValue: (blockId, actionId, value) => setHeld((old) => ({ ...old, [`${blockId}/${actionId}`]: value })),
      act: async (blockId, actionId, value) => {
        const answer = await call('click', {
          as,
          channel,
          ts,
          blockId,
          actionId,
          ...(value === undefined ? {} : { value }),
        });
        if (!answer.ok) complain(answer.say);
      },
    }),
    [as, channel, ts, complain, held],
  );
};

const Head = ({ channel, message }: Props) => {
  const { state } = useSession();
  const at = tsDate(message.ts);
  const mark = { as: state.me.handle, channel, ts: message.ts };
  return (
    <div className="head">
      <span className="author">{message.author.name}</span>
      {message.author.kind !== 'person' && <span className="badge">App</span>}
      <time dateTime={toIso(at.getTime())} title={fullTime(at)}>
        {clockTime(at)}
      </time>
      {message.ephemeral && (
        <span className="only-you">
          Only visible to you ·{' '}
          <button type="button" className="link" onClick={() => void call('dismiss', mark)}>
            Dismiss
          </button>
        </span>
      )}
    </div>
  );
};

const idOf = (channel: string, ts: string): string => `message-${channel}-${ts}`;

/** Leads to another message that is on the page. */
const GoTo = ({ channel, ts, children }: { channel: string; ts: string; children: ReactNode }) => (
  <button
    type="button"
    className="link"
    onClick={() => {
      const target = document.getElementById(idOf(channel, ts));
      target?.scrollIntoView({ block: 'center' });
      target?.focus({ preventScroll: true });
    }}
  >
    {children}
  </button>
);

const earlierShown = 3;

const Replies = ({ channel, replies }: { channel: string; replies: readonly MessageView[] }) => {
  const [all, setAll] = useState(false);
  if (replies.length === 0) return null;
  const hidden = all ? 0 : Math.max(0, replies.length - earlierShown - 1);
  return (
    <div className="replies">
      {hidden > 0 && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          Show {hidden} earlier replies
        </button>
      )}
      <ol aria-label="Replies">
        {replies.slice(hidden).map((reply) =>
          reply.repliesTo ? (
            <li key={reply.ts} className="elsewhere">
              <GoTo channel={channel} ts={reply.ts}>
                {reply.author.name} replied in the channel
              </GoTo>
            </li>
          ) : (
            <Message key={reply.ts} channel={channel} message={reply} />
          ),
        )}
      </ol>
    </div>
  );
};

export const Message = ({ channel, message, onReply, wanted }: Props) => {
  const ref = useRef<HTMLDivElement>(null);
  const hadFocus = useRef(false);
  const acting = useMessageActing(channel, message.ts);
  useEffect(() => {
    if (wanted) ref.current?.focus();
  }, [wanted]);
  useEffect(() => {
    // An update took away the button that had the focus: stay at the message instead of the top of the page.
    if (hadFocus.current && document.activeElement === document.body) ref.current?.focus({ preventScroll: true });
  });
  return (
    <li>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only notes that the focus is inside */}
      <div
        ref={ref}
        id={idOf(channel, message.ts)}
        tabIndex={-1}
        className={`message ${message.ephemeral ? 'ephemeral' : ''} ${wanted ? 'wanted' : ''}`}
        onFocus={() => {
          hadFocus.current = true;
        }}
        onBlur={(event) => {
          // A button that is taken away blurs to nowhere; going elsewhere has somewhere.
          if (event.relatedTarget) hadFocus.current = false;
        }}
      >
        <Avatar name={message.author.name} kind={message.author.kind} />
        <div className="content">
          <Head channel={channel} message={message} />
          {message.repliesTo && (
            <div className="replied-to">
              replied to{' '}
              <GoTo channel={channel} ts={message.repliesTo.ts}>
                {message.repliesTo.text === '' ? 'a thread' : <InlineMrkdwn text={message.repliesTo.text} />}
              </GoTo>
            </div>
          )}
          <ActingContext value={acting}>
            {message.blocks ? <Blocks blocks={message.blocks} /> : <Mrkdwn text={message.text} />}
          </ActingContext>
          {message.edited && <span className="edited">(edited)</span>}
          {onReply && !message.ephemeral && !message.repliesTo && (
            <button
              type="button"
              className="reply"
              aria-label={`Reply to ${message.author.name}`}
              onClick={() => onReply(message.ts)}
            >
              <Icon name="reply" /> Reply
            </button>
          )}
          <Replies channel={channel} replies={message.replies} />
        </div>
      </div>
    </li>
  );
};
