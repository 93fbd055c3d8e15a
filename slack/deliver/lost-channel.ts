import { DaypassError } from '#core/errors.ts';
import { toIso } from '#core/instant.ts';
import { personById } from '#core/policy/people.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { channelLostNote, unpostedNote } from '#slack/render/unposted-notes.ts';
import { type NoticePorts, postOnce } from './post-once.ts';

const losses = new WeakSet<Error>();

/** Slack takes nothing for a channel where something must be seen. */
export const channelLost = (channel: string): DaypassError => {
  const message = `Slack takes no message for ${channel}: it is gone or archived, or the app is not in it. It is tried again.`;
  const error = new DaypassError('SlackUnavailable', message);
  losses.add(error);
  return error;
};

export const isChannelLost = (error: unknown): boolean => error instanceof Error && losses.has(error);

export type LossPorts = NoticePorts & Pick<Ports, 'policy' | 'clock'>;

/**
 * Runs it, and where Slack takes nothing for the channel tells those who read the other one, once a day. Throws what
 * `run` throws.
 */
export const tellingOfLoss = async <T>(channel: string, run: () => Promise<T>, ports: LossPorts): Promise<T> => {
  try {
    return await run();
  } catch (error) {
    // Whatever keeps this from being told, what was lost is tried again.
    if (isChannelLost(error)) await tellOfLostChannel(channel, ports).catch(() => undefined);
    throw error;
  }
};

const tellOfLostChannel = async (channel: string, ports: LossPorts): Promise<void> => {
  const { alertsChannel, cardsChannel } = (await ports.policy.current()).slack;
  const other = channel === alertsChannel ? cardsChannel : alertsChannel;
  if (other === channel) return;
  const day = toIso(ports.clock.nowMs()).slice(0, 10);
  await postOnce(`lost-channel:${channel}:${day}`, other, channelLostNote(channel), ports);
};

/** Tells the one who asked, once, that nobody sees the card, and who can answer it all the same. */
export const tellUnposted = async (request: AccessRequest, ports: LossPorts): Promise<void> => {
  if (request.status !== 'pending') return;
  const policy = await ports.policy.current();
  const slackUserId = personById(policy, request.personId)?.slackUserIds[0];
  if (slackUserId === undefined) return;
  await postOnce(`unposted:${request.id}`, slackUserId, unpostedNote(policy, request), ports);
};
