import { personById } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { RequestDetail } from '#events/events.ts';
import type { RequestNotice } from '#events/routing.ts';
import type { Ports } from '#ports/ports.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { requestCard } from '#slack/render/request-card.ts';
import { askedNote, closedNote, interruptedNote, liveNote } from '#slack/render/requester-note.ts';
import { showExtension, tellOfExtension } from './extension-notices.ts';
import { keepShown } from './keep-shown.ts';
import { type NoticePorts, postOnce } from './post-once.ts';
import { once, showEach } from './show-each.ts';
import { subjects } from './subjects.ts';

/** Refused in the moment it was asked for: the asker was told in the answer, and nobody else needs to know. */
const wasNeverAsked = (request: AccessRequest): boolean => request.status === 'refused' && request.version === 1;

/** Shows of the request what the event asks for, as it is now. Throws `SlackUnavailable`. */
export const showRequest = async (
  notices: readonly RequestNotice[],
  { requestId, eventId, extensionId }: RequestDetail,
  ports: NoticePorts & Pick<Ports, 'policy' | 'requests'> & { appUrl: string },
): Promise<void> => {
  if (notices.length === 0) return;
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
  const toRequester = (tell: (slackUserId: string) => Promise<unknown>) => async () =>
    slackUserId === undefined ? undefined : tell(slackUserId);
  const extension = { extensionId, policy, request, read };
  const card = once(() =>
    keepShown(
      {
        ...shown('card', policy.slack.cardsChannel, requestCard),
        subject: subjects.card(requestId),
        isWanted: () => true,
      },
      ports,
    ),
  );
  await showEach(notices, {
    card,
    extension: async () => {
      const posted = await card();
      if (posted) await showExtension(extension, posted, ports);
    },
    asked: toRequester((to) =>
      keepShown({ ...shown('asked', to, askedNote), isWanted: ({ status }) => status === 'pending' }, ports),
    ),
    live: toRequester((to) =>
      keepShown(
        {
          ...shown('live', to, (now, state) => liveNote(now, state, ports.appUrl)),
          isWanted: ({ status }) => status === 'active',
        },
        ports,
      ),
    ),
    answered: toRequester((to) => tellOfExtension(extension, to, ports)),
    interrupted: toRequester(async (to) => {
      const note = interruptedNote(policy, request);
      if (note) await postOnce(`interrupted:${eventId}`, to, note, ports);
    }),
    closed: toRequester(async (to) => {
      const note = closedNote(policy, request);
      if (note) await postOnce(`closed:${requestId}`, to, note, ports);
    }),
  });
};
