import { extensionById } from '#core/grant/extension.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest, Extension, GrantedRequest } from '#core/request/request.ts';
import type { PostedMessage } from '#ports/chat.ts';
import { extensionCard } from '#slack/render/extension-card.ts';
import { extensionNote } from '#slack/render/extension-notes.ts';
import { keepShown } from './keep-shown.ts';
import { type NoticePorts, postOnce } from './post-once.ts';
import { subjects } from './subjects.ts';

/**
 * The extension that an event is about: the one that it names. One that names none is about the newest, which lapses
 * with the grant; events that were saved before extensions were named in them are taken to be about it too.
 */
const concerned = (extensionId: string | undefined, { extensions = [] }: AccessRequest): Extension | undefined =>
  extensionId === undefined ? extensions.at(-1) : extensions.find(({ id }) => id === extensionId);

const granted = (request: AccessRequest | undefined): GrantedRequest | undefined =>
  request && 'grant' in request ? request : undefined;

/** What an event about an extension is to show, and where. */
type Showing = {
  extensionId: string | undefined;
  policy: Policy;
  request: AccessRequest;
  read: () => Promise<AccessRequest | undefined>;
};

/**
 * Brings the reply up to date under which approvers answer: one for each extension that had to wait, in the channel as
 * well, since nobody watches the thread of a card that is settled. Throws `SlackUnavailable`.
 */
export const showExtension = async (
  { extensionId, policy, request, read }: Showing,
  card: PostedMessage,
  ports: NoticePorts,
): Promise<void> => {
  const extension = concerned(extensionId, request);
  if (!extension) return;
  const now = (state: GrantedRequest): Extension => extensionById(state, extension.id) ?? extension;
  await keepShown<GrantedRequest>(
    async () => granted(await read()),
    {
      subject: subjects.extension(extension.id),
      to: () => policy.slack.cardsChannel,
      place: { threadTs: card.ts, broadcast: true },
      render: (state) => extensionCard(policy, state, now(state)),
      isWanted: (state) => state.status === 'active' && now(state).status === 'waiting',
      urgency: 'approval',
    },
    ports,
  );
};

/** Tells the requester what became of an extension, once. Throws `SlackUnavailable`. */
export const tellOfExtension = async (
  { extensionId, policy, request }: Showing,
  slackUserId: string,
  ports: NoticePorts,
): Promise<void> => {
  const extension = concerned(extensionId, request);
  const note = extension && extensionNote(policy, request, extension);
  if (note) await postOnce(`extension-told:${extension.id}`, slackUserId, note, ports);
};
