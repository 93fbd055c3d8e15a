import { personById } from '#core/policy/people.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { RequestDetail } from '#events/events.ts';
import type { RequestNotice } from '#events/routing.ts';
import type { Ports } from '#ports/ports.ts';
import { requestCard } from '#slack/render/request-card.ts';
import { askedNote, closedNote, interruptedNote, liveNote } from '#slack/render/requester-note.ts';
import { showExtension, tellOfExtension } from './extension-notices.ts';
import { keepAllShown, type Shown } from './keep-shown.ts';
import { lockdownThatEnded, tellHit } from './lockdown-people.ts';
import { isChannelLost, tellingOfLoss, tellUnposted } from './lost-channel.ts';
import { type NoticePorts, postOnce } from './post-once.ts';
import { showEach } from './show-each.ts';
import { subjects } from './subjects.ts';

/** Those that are brought up to date together; what the others say depends on what these show. */
const together = ['card', 'asked', 'live', 'closed'] as const satisfies readonly RequestNotice[];
type MessageNotice = (typeof together)[number];
const isMessage = (notice: RequestNotice): notice is MessageNotice => together.some((message) => message === notice);

/** Refused in the moment it was asked for: the asker was told in the answer, and nobody else needs to know. */
const wasNeverAsked = (request: AccessRequest): boolean => request.status === 'refused' && request.version === 1;

/** Shows of the request what the event asks for, as it is now. Throws `SlackUnavailable`. */
export const showRequest = async (
  notices: readonly RequestNotice[],
  { requestId, eventId, extensionId }: RequestDetail,
  ports: NoticePorts & Pick<Ports, 'policy' | 'requests' | 'lockdowns' | 'clock'> & { appUrl: string },
): Promise<void> => {
  if (notices.length === 0) return;
  const policy = await ports.policy.current();
  const toRequester = ({ personId }: AccessRequest) => personById(policy, personId)?.slackUserIds[0];
  const messages: Readonly<Record<MessageNotice, Shown<AccessRequest>>> = {
    card: {
      subject: subjects.card(requestId),
      to: () => policy.slack.cardsChannel,
      render: (request) => requestCard(policy, request),
      isWanted: () => true,
      urgency: 'approval',
      isNeeded: true,
    },
    asked: {
      subject: `asked:${requestId}`,
      to: toRequester,
      render: (request) => askedNote(policy, request),
      isWanted: ({ status }) => status === 'pending',
    },
    live: {
      subject: `live:${requestId}`,
      to: toRequester,
      render: (request) => liveNote(policy, request, ports.appUrl),
      isWanted: ({ status }) => status === 'active',
    },
    closed: {
      subject: `closed:${requestId}`,
      to: toRequester,
      render: (request) => closedNote(policy, request) ?? { text: '', blocks: [] },
      // One message tells of a lockdown, however much of somebody's it ends.
      isWanted: (request) => lockdownThatEnded(request) === undefined && closedNote(policy, request) !== undefined,
      isLeft: true,
    },
  };
  const read = async () => {
    const request = await ports.requests.get(requestId);
    return request && !wasNeverAsked(request) ? request : undefined;
  };
  const shown = await keepAllShown(
    read,
    notices.filter(isMessage).map((notice) => messages[notice]),
    ports,
  );
  if (!shown) return;
  const { state: request, placeOf } = shown;
  const extension = { extensionId, policy, request, read };
  const tell = (note: (slackUserId: string) => Promise<unknown>) => async () => {
    const slackUserId = toRequester(request);
    if (slackUserId !== undefined) await note(slackUserId);
  };
  await showEach(notices, {
    card: () =>
      tellingOfLoss(
        policy.slack.cardsChannel,
        async () => {
          try {
            return placeOf(messages.card.subject);
          } catch (error) {
            if (isChannelLost(error)) await tellUnposted(request, ports).catch(() => undefined);
            throw error;
          }
        },
        ports,
      ),
    asked: async () => placeOf(messages.asked.subject),
    live: async () => placeOf(messages.live.subject),
    closed: async () => placeOf(messages.closed.subject),
    extension: async () => {
      const posted = placeOf(messages.card.subject);
      if (posted) await showExtension(extension, posted, ports);
    },
    answered: tell((to) => tellOfExtension(extension, to, ports)),
    hit: async () => {
      const lockdownId = lockdownThatEnded(request);
      if (lockdownId !== undefined) await tellHit(policy, lockdownId, request.personId, ports);
    },
    interrupted: tell(async (to) => {
      const note = interruptedNote(policy, request);
      if (note) await postOnce(`interrupted:${eventId}`, to, note, ports);
    }),
  });
};
