import { personById } from '#core/policy/people.ts';
import type { DetailOf, DomainEvent } from '#events/registry.ts';
import type { Ports } from '#ports/ports.ts';
import { programLetInNote, refusalAnswer } from '#slack/render/answers.ts';
import { showAlert } from './alert-notices.ts';
import { showLockdown } from './lockdown-notices.ts';
import { type NoticePorts, postOnce, sendOnce } from './post-once.ts';
import { showRequest } from './request-notices.ts';

export type NotifyPorts = NoticePorts &
  Pick<Ports, 'policy' | 'requests' | 'alerts' | 'lockdowns'> & {
    /** Where programs reach Daypass: what `daypass login --api` takes. */
    appUrl: string;
  };

/**
 * Everything that Daypass says in Slack without being asked. Idempotent per event, in any order. Throws
 * `SlackUnavailable`, `StoreUnavailable`, `PolicyUnreadable`: the event is to be delivered again.
 */
export const notify = async (event: DomainEvent, ports: NotifyPorts): Promise<void> => {
  switch (event.name) {
    case 'request.submitted':
    case 'request.refused':
    case 'request.approved':
    case 'request.denied':
    case 'request.cancelled':
    case 'request.lapsed':
    case 'vote.cast':
    case 'grant.activated':
    case 'grant.extended':
    case 'grant.interrupted':
    case 'extension.asked':
    case 'extension.denied':
    case 'grant.ending':
    case 'grant.ended':
    case 'grant.revocation-failed':
      return showRequest(event.name, event.detail, ports);
    case 'session.minted':
      return;
    case 'action.refused':
      return tell(event.detail, ports);
    case 'login.confirmed':
      return announceLogin(event.detail, ports);
    case 'alert.raised':
    case 'alert.repeated':
    case 'alert.answered':
    case 'alert.closed':
      return showAlert(event.name, event.detail, ports);
    case 'lockdown.begun':
    case 'lockdown.progressed':
    case 'lockdown.finished':
    case 'lockdown.lifted':
      return showLockdown(event.name, event.detail, ports);
  }
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

const announceLogin = async ({ eventId, personId }: DetailOf<'login.confirmed'>, ports: NotifyPorts): Promise<void> => {
  const slackUserId = personById(await ports.policy.current(), personId)?.slackUserIds[0];
  if (slackUserId !== undefined) await postOnce(`login:${eventId}`, slackUserId, programLetInNote(), ports);
};
