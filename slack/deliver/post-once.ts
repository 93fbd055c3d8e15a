import { DaypassError } from '#core/errors.ts';
import type { Chat, Place, PostedMessage, Urgency } from '#ports/chat.ts';
import type { Ports } from '#ports/ports.ts';
import type { SlackMessage } from '#slack/ports.ts';

export type NoticePorts = Pick<Ports, 'log' | 'postings'> & {
  slack: Chat<SlackMessage>;
  /** Waits; a test passes one that does not. */
  pause: (ms: number) => Promise<void>;
};

/** What a message takes that is no one's only one. */
export type PostPorts = Pick<NoticePorts, 'log'> & { slack: Pick<Chat<SlackMessage>, 'post'> };

/** `fresh`: this call posted it, with exactly the message it was given. */
type Once = { posted: PostedMessage; fresh: boolean };

/** A colleague who posts the same needs about a second for it. */
const patience = { rounds: 8, everyMs: 250 };

/**
 * Sends the one message of `subject`, whoever else is at it: one process claims it and keeps where the message is.
 * Where a claimant was lost, Slack is asked first whether the message is there. Throws `SlackUnavailable`, also while
 * somebody else is still sending; doing it again later is right in each case. Undefined where there is no such channel.
 */
export const sendOnce = async (
  subject: string,
  way: { send: () => Promise<PostedMessage | 'no-channel'>; find: () => Promise<PostedMessage | undefined> },
  ports: NoticePorts,
): Promise<Once | undefined> => {
  const kept = await ports.postings.get(subject);
  if (kept) return { posted: kept, fresh: false };
  const claim = await ports.postings.claim(subject);
  if (claim === 'busy') return { posted: await othersMessage(subject, ports), fresh: false };
  try {
    const found = claim === 'again' ? await way.find() : undefined;
    const posted = found ?? (await way.send());
    if (posted === 'no-channel') {
      await ports.postings.giveUp(subject);
      return undefined;
    }
    await ports.postings.keep(subject, posted);
    return { posted, fresh: found === undefined };
  } catch (error) {
    // If even this fails, the claim runs out by itself.
    await ports.postings.giveUp(subject).catch(() => {});
    throw error;
  }
};

/**
 * Posts to a channel or a person, under the name by which the message is found again. That there is no such channel is
 * logged.
 */
export const post = async (
  subject: string,
  to: string,
  message: SlackMessage,
  { slack, log }: PostPorts,
  place: Place & { urgency?: Urgency } = {},
): Promise<PostedMessage | 'no-channel'> => {
  const posted = await slack.post(to, message, { ...place, key: subject });
  if (posted === 'no-channel') {
    const next = `Invite the app to ${to}, or correct the channel in access.yaml.`;
    log.error(`Slack takes no message for ${to}: it is gone or archived, or the app is not in it. ${next}`, {
      subject,
    });
  }
  return posted;
};

/** Posts the one message of `subject` to a channel or a person. As `sendOnce`. */
export const postOnce = (
  subject: string,
  to: string,
  message: SlackMessage,
  ports: NoticePorts,
  place: Place = {},
): Promise<Once | undefined> =>
  sendOnce(
    subject,
    { send: () => post(subject, to, message, ports, place), find: () => ports.slack.find(to, subject) },
    ports,
  );

/** Where the message is that somebody else is posting. Throws `SlackUnavailable` where that takes too long. */
export const othersMessage = async (subject: string, { postings, pause }: NoticePorts): Promise<PostedMessage> => {
  for (let round = 0; round < patience.rounds; round++) {
    const posted = await postings.get(subject);
    if (posted) return posted;
    await pause(patience.everyMs);
  }
  throw new DaypassError('SlackUnavailable', `Somebody else is still posting ${subject}. Try again in a moment.`);
};
