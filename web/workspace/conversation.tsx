import { Fragment, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ConversationView, MessageView } from '../../local/workspace/ui/contract.ts';
import { call } from './client.ts';
import { Composer } from './composer.tsx';
import { Message } from './message.tsx';
import { useSession } from './session.ts';
import { dayTitle, tsDate } from './time.ts';

const Empty = ({ conversation }: { conversation: ConversationView }) => {
  if (conversation.kind === 'direct')
    return (
      <div className="empty">
        <h2>Nothing from {conversation.name} yet</h2>
        <p className="empty-say">
          When a request of yours is decided, it is told here, with the command to use the access.
        </p>
      </div>
    );
  return (
    <div className="empty">
      <h2>#{conversation.name} is quiet</h2>
      <p className="empty-say">
        Type <code>/access</code> below to ask for access, or <code>/access help</code> to see what you can say.
      </p>
    </div>
  );
};

const sameDay = (a: MessageView | undefined, b: MessageView): boolean =>
  a !== undefined && tsDate(a.ts).toDateString() === tsDate(b.ts).toDateString();

const newestTs = (messages: readonly MessageView[]): string | undefined =>
  messages
    .flatMap((message) => [message, ...message.replies])
    .filter((message) => !message.ephemeral)
    .map((message) => message.ts)
    .sort()
    .at(-1);

/** Tells the workspace what has been seen, so that the dot goes away on every page of this person. */
const useMarkRead = (conversation: ConversationView): void => {
  const { state } = useSession();
  const newest = newestTs(conversation.messages);
  const as = state.me.handle;
  const { id, unread } = conversation;
  useEffect(() => {
    if (unread && newest !== undefined && document.visibilityState === 'visible')
      void call('read', { as, channel: id, ts: newest });
  }, [as, id, unread, newest]);
};

/** Keeps the newest message in sight, unless the reader has scrolled up. */
const useStickToEnd = (conversation: ConversationView) => {
  const ref = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const { id } = conversation;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation starts at its end
  useLayoutEffect(() => {
    atEnd.current = true;
  }, [id]);
  useLayoutEffect(() => {
    const box = ref.current;
    if (box && atEnd.current) box.scrollTop = box.scrollHeight;
  });
  const onScroll = (): void => {
    const box = ref.current;
    if (box) atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  };
  return { ref, onScroll };
};

export const Conversation = ({
  conversation,
  wantedTs,
}: {
  conversation: ConversationView;
  wantedTs?: string | undefined;
}) => {
  const [replyTo, setReplyTo] = useState<string>();
  const { ref, onScroll } = useStickToEnd(conversation);
  useMarkRead(conversation);
  const { messages } = conversation;
  const replied = messages.find((message) => message.ts === replyTo);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="scroll" ref={ref} onScroll={onScroll} tabIndex={0} aria-label="Messages">
        {messages.length === 0 && <Empty conversation={conversation} />}
        <ol className="messages">
          {messages.map((message, index) => (
            <Fragment key={message.ts}>
              {!sameDay(messages[index - 1], message) && (
                <li className="day">
                  <span>{dayTitle(tsDate(message.ts), new Date())}</span>
                </li>
              )}
              <Message
                channel={conversation.id}
                message={message}
                onReply={setReplyTo}
                wanted={message.ts === wantedTs}
              />
            </Fragment>
          ))}
        </ol>
      </section>
      <Composer
        key={conversation.id}
        conversation={conversation}
        replyTo={replied}
        onReplyEnd={() => setReplyTo(undefined)}
      />
    </>
  );
};
