import { DaypassError } from '#core/errors.ts';
import type { Finished, Place, PostedMessage, Posting, Showing, Urgency } from '#ports/chat.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { channelLost } from './lost-channel.ts';
import { type NoticePorts, othersMessage, post, postOnce } from './post-once.ts';

/** One message that shows a state. */
export type Shown<S> = {
  /** Names the message among all others. */
  subject: string;
  /** A channel, or a user id for direct messages; undefined where nobody can be told. */
  to: (state: S) => string | undefined;
  /** Where in it, if it is a reply. */
  place?: Place;
  render: (state: S) => SlackMessage;
  /** Whether a message that is not there yet is to be posted. */
  isWanted: (state: S) => boolean;
  /** Posted once, and left as it is from then on. */
  isLeft?: true;
  /** What goes first while the chat takes only so many messages; `notice` where absent. */
  urgency?: Urgency;
  /** It must be seen: that the channel takes nothing is a failure, so that it is tried again until the channel does. */
  isNeeded?: true;
};

export type ShownNow<S> = {
  /** The state that the messages show. */
  state: S;
  /** Where a message is; undefined where there is none. Throws what kept it from being shown. */
  placeOf: (subject: string) => PostedMessage | undefined;
};

/** What a message is to show in this round. */
type Planned<S> = Showing & {
  shown: Shown<S>;
  to: string;
  message: SlackMessage;
  posted?: PostedMessage;
  isWanted: boolean;
};

/** Each round lost means that somebody else shows something newer. */
const rounds = 10;

/**
 * Brings messages up to date with the state as it is now: posts them, or updates them in place. Events may be
 * duplicated and come in any order, and two at once may overwrite each other. So each says first which version it is
 * about to show, and looks afterwards whether somebody has said a newer one: then it shows the state anew, and the last
 * one to write has written the last state. One message that fails keeps no other back. Undefined where there is no
 * state. Throws `StoreUnavailable`, and `SlackUnavailable` where others never stop changing the state.
 */
export const keepAllShown = async <S extends { version: number }>(
  read: () => Promise<S | undefined>,
  messages: readonly Shown<S>[],
  ports: NoticePorts,
): Promise<ShownNow<S> | undefined> => {
  const places = new Map<string, PostedMessage>();
  const failures = new Map<string, unknown>();
  let left = messages;
  let state: S | undefined;
  for (let round = 0; left.length > 0; round++) {
    if (round === rounds) {
      throw new DaypassError('SlackUnavailable', 'Others keep changing what is to be shown. Try again in a moment.');
    }
    // In one tick, so that the store is asked once.
    const [now, ...seen] = await Promise.all([read(), ...left.map(({ subject }) => ports.postings.look(subject))]);
    if (!now) return undefined;
    state = now;
    const plans = left.map((shown, index) => planOf(shown, now, seen[index] ?? {}));
    for (const [index, { subject }] of left.entries()) {
      const { posted } = seen[index] ?? {};
      if (posted) places.set(subject, posted);
    }
    const planned = plans.filter((each) => typeof each === 'object');
    if (!(await ports.postings.begin(planned))) continue;
    const written: Finished[] = [];
    for (const each of planned.filter(({ as }) => as !== 'not-wanted')) {
      await write(each, ports).then(
        (done) => {
          if (!done) return;
          written.push({ subject: each.subject, version: each.version, ...(done.isNew && { posted: done.posted }) });
          places.set(each.subject, done.posted);
        },
        (error: unknown) => failures.set(each.subject, error),
      );
    }
    const isLast = written.length === 0 || (await ports.postings.finish(written));
    const again = new Set(isLast ? [] : written.map(({ subject }) => subject));
    for (const { subject } of left.filter((_, index) => plans[index] === 'others post it')) {
      await othersMessage(subject, ports).then(
        () => again.add(subject),
        (error: unknown) => failures.set(subject, error),
      );
    }
    left = left.filter(({ subject }) => again.has(subject));
  }
  return (
    state && {
      state,
      placeOf: (subject) => {
        if (failures.has(subject)) throw failures.get(subject);
        return places.get(subject);
      },
    }
  );
};

/** The same for a single message: where it is. Throws what kept it from being shown. */
export const keepShown = async <S extends { version: number }>(
  read: () => Promise<S | undefined>,
  shown: Shown<S>,
  ports: NoticePorts,
): Promise<{ state: S; posted: PostedMessage | undefined } | undefined> => {
  const now = await keepAllShown(read, [shown], ports);
  return now && { state: now.state, posted: now.placeOf(shown.subject) };
};

const planOf = <S extends { version: number }>(
  shown: Shown<S>,
  state: S,
  { posted, claimed }: Posting,
): Planned<S> | 'others post it' | 'nothing' => {
  const to = shown.to(state);
  const wanted = shown.isWanted(state);
  if (to === undefined || (shown.isLeft && (posted || !wanted))) return 'nothing';
  if (!posted && wanted && claimed === 'now') return 'others post it';
  return {
    subject: shown.subject,
    version: state.version,
    as: posted ? 'posted' : claimed === 'before' ? 'again' : wanted ? 'first' : 'not-wanted',
    isWanted: wanted,
    shown,
    to,
    message: shown.render(state),
    ...(posted && { posted }),
  };
};

type Written = { posted: PostedMessage; isNew: boolean };

const write = <S>(planned: Planned<S>, ports: NoticePorts): Promise<Written | undefined> =>
  planned.posted ? update(planned, planned.posted, ports) : postNew(planned, ports);

/** What somebody posted and died before keeping it is found, and brought up to date. */
const postNew = async <S>(planned: Planned<S>, ports: NoticePorts): Promise<Written | undefined> => {
  const { subject, to, message, shown, as, isWanted } = planned;
  const place = { ...shown.place, ...(shown.urgency && { urgency: shown.urgency }) };
  try {
    const found = as === 'again' ? await ports.slack.find(to, subject) : undefined;
    if (found) {
      const updated = await update(planned, found, ports);
      return updated && { ...updated, isNew: true };
    }
    const posted = isWanted ? await post(subject, to, message, ports, place) : 'not-wanted';
    if (typeof posted === 'object') return { posted, isNew: true };
    if (posted === 'no-channel' && shown.isNeeded) throw channelLost(to);
    await ports.postings.giveUp(subject);
    return undefined;
  } catch (error) {
    // If even this fails, the claim runs out by itself.
    await ports.postings.giveUp(subject).catch(() => {});
    throw error;
  }
};

/** Where the message is now: the same place, or a new one if somebody deleted it. */
const update = async <S>(
  { subject, to, message, shown: { place, isNeeded } }: Planned<S>,
  posted: PostedMessage,
  ports: NoticePorts,
): Promise<Written | undefined> => {
  switch (await ports.slack.update(posted, message)) {
    case 'updated':
      return { posted, isNew: false };
    case 'no-channel':
      ports.log.error(
        `Slack lets nothing be updated in ${posted.channel}: it is gone or archived, or the app is not in it.`,
        { subject },
      );
      if (isNeeded) throw channelLost(to);
      return undefined;
    case 'no-message': {
      // Named after the lost one, so that of several who miss it only one posts another.
      const again = await postOnce(`${subject}@${posted.ts}`, to, message, ports, place);
      if (!again) return undefined;
      if (!again.fresh) await ports.slack.update(again.posted, message);
      return { posted: again.posted, isNew: true };
    }
  }
};
