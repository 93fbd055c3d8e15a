import { personById } from '#core/policy/people.ts';
import { type DetailOf, type DomainEvent, isWith } from '#events/events.ts';
import { noticesOf } from '#events/routing.ts';
import type { Ports } from '#ports/ports.ts';
import { refusalAnswer } from '#slack/render/answers.ts';
import { programLetInNote } from '#slack/render/login-card.ts';
import { showAlert } from './alert-notices.ts';
import { showLockdown } from './lockdown-notices.ts';
import { type NoticePorts, postOnce, sendOnce } from './post-once.ts';
import { showRequest } from './request-notices.ts';
import { showEach } from './show-each.ts';

export type NotifyPorts = NoticePorts &
  Pick<Ports, 'policy' | 'clock' | 'requests' | 'alerts' | 'lockdowns'> & {
    /** Where programs reach Daypass: what `daypass login --api` takes. */
    appUrl: string;
  };

/**
 * Everything that Daypass says in Slack without being asked. Idempotent per event, in any order. Throws
 * `SlackUnavailable`, `StoreUnavailable`, `PolicyUnreadable`: the event is to be delivered again.
 */
export const notify = async (event: DomainEvent, ports: NotifyPorts): Promise<void> => {
  if (isWith('requestId', event)) return showRequest(noticesOf[event.name], event.detail, ports);
  if (isWith('alertId', event)) return showAlert(noticesOf[event.name], event.detail, ports);
  if (isWith('lockdownId', event)) return showLockdown(noticesOf[event.name], event.detail, ports);
  if (isWith('loginId', event)) {
    return showEach(noticesOf[event.name], { login: () => announceLogin(event.detail, ports) });
  }
  return showEach(noticesOf[event.name], { refusal: () => tell(event.detail, ports) });
};

/** To the clicker alone, where they clicked; by direct message if that is not a channel they can be told in. */
const tell = async (detail: DetailOf<'action.refused'>, ports: NotifyPorts): Promise<void> => {
  const { eventId, channelId, slackUserId } = detail;
  const message = refusalAnswer(detail);
  const send = async () => {
    const told = /^[CGD]/.test(channelId) ? await ports.slack.tell(channelId, slackUserId, message) : 'no-channel';
    // An ephemeral message cannot be found or changed, so its place is only a mark that it was shown.
    return told === 'told' ? { channel: channelId, ts: 'ephemeral' } : ports.slack.post(slackUserId, message);
  };
  await sendOnce(`told:${eventId}`, { send, find: async () => undefined }, ports);
};

const announceLogin = async (detail: DetailOf<'login.confirmed'>, ports: NotifyPorts): Promise<void> => {
  const { eventId, at, loginId, personId } = detail;
  const slackUserId = personById(await ports.policy.current(), personId)?.slackUserIds[0];
  if (slackUserId !== undefined) await postOnce(`login:${eventId}`, slackUserId, programLetInNote(loginId, at), ports);
};
