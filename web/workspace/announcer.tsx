import { useEffect, useRef, useState } from 'react';
import type { MessageView } from '../../local/workspace/ui/contract.ts';
import { plainMrkdwn } from './mrkdwn.ts';
import { useSession } from './session.ts';

type Placed = { place: string; message: MessageView };

/** Says to a screen reader what is new, in whatever conversation, without taking the focus. */
export const Announcer = () => {
  const { state, nameOf } = useSession();
  const [said, setSaid] = useState('');
  const last = useRef<string | undefined>(undefined);
  useEffect(() => {
    const all = state.conversations.flatMap(({ kind, name, messages }): Placed[] =>
      messages
        .flatMap((message) => [message, ...message.replies])
        .map((message) => ({ place: kind === 'channel' ? `#${name}` : 'direct messages', message })),
    );
    const newest = all.toSorted((a, b) => (a.message.ts < b.message.ts ? -1 : 1)).at(-1);
    const before = last.current;
    last.current = newest?.message.ts ?? '';
    if (before === undefined || !newest || newest.message.ts <= before) return;
    if (newest.message.author.id === state.me.id) return;
    setSaid(`${newest.message.author.name} in ${newest.place}: ${plainMrkdwn(newest.message.text, nameOf)}`);
  }, [state, nameOf]);
  return (
    <div className="unseen" role="status" aria-live="polite">
      {said}
    </div>
  );
};
