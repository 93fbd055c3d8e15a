import { authorName } from '../api/shapes.ts';
import { type Conversation, type Directory, directId, isReadOnly, type Person, slackbotId } from '../directory.ts';
import type { Ephemeral, Message } from '../message.ts';
import type { Parts } from '../parts.ts';
import type { ConversationView, MessageView, WorkspaceState } from './contract.ts';

/** The page shows this many of the newest messages of a conversation. */
const newestShown = 200;

const authorKind = (directory: Directory, authorId: string): MessageView['author']['kind'] => {
  if (authorId === slackbotId) return 'slackbot';
  return authorId === directory.bot.id ? 'app' : 'person';
};

/** Where the reply to it was broadcast. The text is empty where it is gone. */
const rootOf = (parts: Parts, { conversationId, threadTs, broadcast }: Message): Pick<MessageView, 'repliesTo'> =>
  broadcast && threadTs !== undefined
    ? { repliesTo: { ts: threadTs, text: parts.store.find(conversationId, threadTs)?.text ?? '' } }
    : {};

const toView = (parts: Parts, message: Message, replies: readonly MessageView[] = []): MessageView => ({
  ts: message.ts,
  author: {
    id: message.authorId,
    name: authorName(parts.directory, message.authorId),
    kind: authorKind(parts.directory, message.authorId),
  },
  text: message.text,
  ...(message.blocks ? { blocks: message.blocks } : {}),
  edited: message.editedTs !== undefined,
  ephemeral: 'personId' in message,
  replies,
  ...rootOf(parts, message),
});

const byTs = (a: MessageView, b: MessageView): number => (a.ts < b.ts ? -1 : 1);

const conversationView = (parts: Parts, me: Person, conversation: Conversation): ConversationView => {
  const whispered = parts.ephemerals.of(me.id).filter((each) => each.conversationId === conversation.id);
  const inThread = (ts: string | undefined) => (each: Ephemeral) => each.threadTs === ts;
  const published = parts.store.page(conversation.id, { limit: newestShown }).map((message) => {
    if (message.broadcast) return toView(parts, message);
    const replies = [...parts.store.replies(conversation.id, message.ts), ...whispered.filter(inThread(message.ts))];
    return toView(parts, message, replies.map((reply) => toView(parts, reply)).sort(byTs));
  });
  const loose = whispered.filter(inThread(undefined)).map((message) => toView(parts, message));
  return {
    id: conversation.id,
    kind: conversation.kind,
    name: conversation.kind === 'channel' ? conversation.name : parts.directory.bot.name,
    readOnly: isReadOnly(parts.directory, conversation),
    unread: parts.store.isUnread(me.id, conversation.id),
    messages: [...published, ...loose].sort(byTs),
  };
};

/** All that one person sees. */
export const stateFor = (parts: Parts, me: Person): WorkspaceState => {
  const { directory } = parts;
  const person = ({ id, handle, name }: Person) => ({ id, handle, name });
  const channels = directory.channels.map((channel): Conversation => ({ kind: 'channel', ...channel }));
  const direct: Conversation = { kind: 'direct', id: directId(me.id), name: 'directmessage', personId: me.id };
  const stack = parts.views.stackOf(me.id);
  const top = stack.at(-1);
  return {
    team: directory.team,
    me: person(me),
    people: directory.people.map(person),
    app: { id: directory.bot.id, name: directory.bot.name },
    conversations: [...channels, direct].map((conversation) => conversationView(parts, me, conversation)),
    ...(top
      ? { modal: { id: top.id, hash: top.hash, modal: top.modal, blocks: top.blocks, depth: stack.length } }
      : {}),
  };
};
