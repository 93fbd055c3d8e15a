import type { Place, PostedMessage } from '#ports/chat.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { type NoticePorts, postOnce } from './post-once.ts';

export type Shown<S extends { version: number }> = {
  /** Names the message among all others. */
  subject: string;
  /** A channel, or a user id for direct messages. */
  to: string;
  /** Where in it, if it is a reply. */
  place?: Place;
  /** The state as the caller has just read it; saves the first look. */
  known?: S;
  /** The state as it is now. */
  read: () => Promise<S | undefined>;
  render: (state: S) => SlackMessage;
  /** Whether a message that is not there yet is to be posted. */
  isWanted: (state: S) => boolean;
};

/** Each round lost means that the state changed meanwhile, and whoever changed it shows it too. */
const rounds = 5;

/**
 * Brings the one message of `subject` up to date with the state as it is now: posts it, or updates it in place. Events may
 * be duplicated and come in any order. Two at once may overwrite each other, so each reads the state again after writing
 * and writes again if it changed: the last one to write has therefore seen the last state. Throws `SlackUnavailable`.
 */
export const keepShown = async <S extends { version: number }>(
  shown: Shown<S>,
  ports: NoticePorts,
): Promise<PostedMessage | undefined> => {
  let state = shown.known ?? (await shown.read());
  if (!state) return undefined;
  const kept = await ports.postings.get(shown.subject);
  if (!kept && !shown.isWanted(state)) return undefined;
  const first = kept
    ? { posted: kept, fresh: false }
    : await postOnce(shown.subject, shown.to, shown.render(state), ports, shown.place);
  if (!first) return undefined;
  let { posted } = first;
  let isUpToDate = first.fresh;
  for (let round = 0; round < rounds; round++) {
    if (!isUpToDate) {
      const updated = await update(posted, state, shown, ports);
      if (!updated) return undefined;
      posted = updated;
    }
    const now: S | undefined = await shown.read();
    if (!now || now.version === state.version) break;
    state = now;
    isUpToDate = false;
  }
  return posted;
};

/** Where the message is now: the same place, or a new one if somebody deleted it. */
const update = async <S extends { version: number }>(
  posted: PostedMessage,
  state: S,
  { subject, to, place, render }: Shown<S>,
  ports: NoticePorts,
): Promise<PostedMessage | undefined> => {
  const message = render(state);
  switch (await ports.slack.update(posted, message)) {
    case 'updated':
      return posted;
    case 'no-channel':
      ports.log.error(
        `Slack lets nothing be updated in ${posted.channel}: it is gone or archived, or the app is not in it.`,
        { subject },
      );
      return undefined;
    case 'no-message': {
      // Named after the lost one, so that of several who miss it only one posts another.
      const again = await postOnce(`${subject}@${posted.ts}`, to, message, ports, place);
      if (again) await ports.postings.keep(subject, again.posted);
      return again?.posted;
    }
  }
};
