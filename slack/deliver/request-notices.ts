import { personById } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { RequestDetail } from '#events/define.ts';
import type { EventName } from '#events/registry.ts';
import type { Ports } from '#ports/ports.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { requestCard } from '#slack/render/request-card.ts';
import { askedNote, closedNote, interruptedNote, liveNote } from '#slack/render/requester-note.ts';
import { showExtensions, tellOfExtensions } from './extension-notices.ts';
import { keepShown } from './keep-shown.ts';
import { type NoticePorts, postOnce } from './post-once.ts';
import { runAll } from './run-all.ts';
import { subjects } from './subjects.ts';

/** The direct messages that an event may post or change. What they say comes from the state, not from the event. */
const concerns = {
  asked: [
    'request.submitted',
    'request.approved',
    'request.denied',
    'request.cancelled',
    'request.lapsed',
    'request.refused',
  ],
  live: [
    'grant.activated',
    'grant.extended',
    'extension.asked',
    'extension.denied',
    'vote.cast',
    'grant.ending',
    'grant.ended',
  ],
  interrupted: ['grant.interrupted'],
  closed: ['request.denied', 'request.lapsed', 'request.refused', 'grant.ended'],
} as const satisfies Readonly<Record<string, readonly EventName[]>>;

const isOneOf = (name: EventName, names: readonly EventName[]): boolean => names.includes(name);

/** Refused in the moment it was asked for: the asker was told in the answer, and nobody else needs to know. */
const wasNeverAsked = (request: AccessRequest): boolean => request.status === 'refused' && request.version === 1;

/** Brings the request's card and its requester's direct messages up to date. Throws `SlackUnavailable`. */
export const showRequest = async (
  name: EventName,
  { requestId, eventId, at }: RequestDetail,
  ports: NoticePorts & Pick<Ports, 'policy' | 'requests'> & { appUrl: string },
): Promise<void> => {
  const policy = await ports.policy.current();
  const read = () => ports.requests.get(requestId);
  const request = await read();
  if (!request || wasNeverAsked(request)) return;
  const shown = (subject: string, to: string, render: (policy: Policy, request: AccessRequest) => SlackMessage) => ({
    subject: `${subject}:${requestId}`,
    to,
    known: request,
    read,
    render: (state: AccessRequest) => render(policy, state),
  });
  const slackUserId = personById(policy, request.personId)?.slackUserIds[0];
  const closed = closedNote(policy, request);
  const event = { name, at, policy, request, read };
  await runAll([
    async () => {
      const card = await keepShown(
        {
          ...shown('card', policy.slack.cardsChannel, requestCard),
          subject: subjects.card(requestId),
          isWanted: () => true,
        },
        ports,
      );
      if (card) await showExtensions(event, card, ports);
    },
    async () => {
      if (slackUserId === undefined) return;
      if (isOneOf(name, concerns.asked)) {
        await keepShown(
          { ...shown('asked', slackUserId, askedNote), isWanted: ({ status }) => status === 'pending' },
          ports,
        );
      }
      if (isOneOf(name, concerns.live)) {
        await keepShown(
          {
            ...shown('live', slackUserId, (now, state) => liveNote(now, state, ports.appUrl)),
            isWanted: ({ status }) => status === 'active',
          },
          ports,
        );
      }
      await tellOfExtensions(event, slackUserId, ports);
      const interrupted = interruptedNote(policy, request);
      if (isOneOf(name, concerns.interrupted) && interrupted) {
        await postOnce(`interrupted:${eventId}`, slackUserId, interrupted, ports);
      }
      if (isOneOf(name, concerns.closed) && closed) await postOnce(`closed:${requestId}`, slackUserId, closed, ports);
    },
  ]);
};
