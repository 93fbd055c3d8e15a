import { extensionById } from '#core/grant/extension.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest, Extension, GrantedRequest } from '#core/request/request.ts';
import type { RequestDetail } from '#events/define.ts';
import type { EventName } from '#events/registry.ts';
import type { PostedMessage } from '#ports/chat.ts';
import { extensionCard } from '#slack/render/extension-card.ts';
import { extensionNote } from '#slack/render/extension-notes.ts';
import { keepShown } from './keep-shown.ts';
import { type NoticePorts, postOnce } from './post-once.ts';
import { runAll } from './run-all.ts';
import { subjects } from './subjects.ts';

const concerns: readonly EventName[] = [
  'extension.asked',
  'vote.cast',
  'grant.extended',
  'extension.denied',
  'grant.ending',
  'grant.ended',
];

/**
 * The extensions that an event may be about: it names the request alone, so they are known by their instants. The newest is
 * always among them, since it is the one that lapses with the grant.
 */
const concernedBy = (name: EventName, at: string, extensions: readonly Extension[]): readonly Extension[] => {
  if (!concerns.includes(name)) return [];
  const isAbout = (extension: Extension): boolean =>
    extension.askedAt === at ||
    (extension.status !== 'waiting' && extension.answeredAt === at) ||
    extension.votes.some((vote) => vote.at === at);
  return extensions.filter((extension, index) => index === extensions.length - 1 || isAbout(extension));
};

const granted = (request: AccessRequest | undefined): GrantedRequest | undefined =>
  request && 'grant' in request ? request : undefined;

/** What an event about extensions is to show, and where. */
type Showing = {
  name: EventName;
  at: RequestDetail['at'];
  policy: Policy;
  request: AccessRequest;
  read: () => Promise<AccessRequest | undefined>;
};

/**
 * Brings the replies up to date under which approvers answer: one for each extension that had to wait, in the channel as well,
 * since nobody watches the thread of a card that is settled. Throws `SlackUnavailable`.
 */
export const showExtensions = async (
  { name, at, policy, request, read }: Showing,
  card: PostedMessage,
  ports: NoticePorts,
): Promise<void> => {
  const known = granted(request);
  if (!known) return;
  const isOpen = (state: GrantedRequest, id: string): boolean =>
    state.status === 'active' && extensionById(state, id)?.status === 'waiting';
  await runAll(
    concernedBy(name, at, known.extensions ?? []).map(
      (extension) => () =>
        keepShown<GrantedRequest>(
          {
            subject: subjects.extension(extension.id),
            to: policy.slack.cardsChannel,
            place: { threadTs: card.ts, broadcast: true },
            known,
            read: async () => granted(await read()),
            render: (state) => extensionCard(policy, state, extensionById(state, extension.id) ?? extension),
            isWanted: (state) => isOpen(state, extension.id),
          },
          ports,
        ),
    ),
  );
};

/** Tells the requester what became of an extension, once for each. Throws `SlackUnavailable`. */
export const tellOfExtensions = async (
  { name, at, policy, request }: Showing,
  slackUserId: string,
  ports: NoticePorts,
): Promise<void> => {
  await runAll(
    concernedBy(name, at, request.extensions ?? []).map((extension) => async () => {
      const note = extensionNote(policy, request, extension);
      if (note) await postOnce(`extension-told:${extension.id}`, slackUserId, note, ports);
    }),
  );
};
