import { isRecord } from '../block-kit/check.ts';
import { type Conversation, directId, findConversation, findPerson, isMember } from '../directory.ts';
import type { Message, MessageMetadata } from '../message.ts';
import type { Parts } from '../parts.ts';
import { type Content, publish, revised, whisper } from '../publish.ts';
import { SlackRefusal } from '../refusal.ts';
import { type Arguments, missing } from './arguments.ts';
import type { Method } from './method.ts';
import { messageShape } from './shapes.ts';

/** Slack has these; this workspace does not, and says so rather than dropping what was meant. */
const notHere = ['attachments', 'markdown_text', 'username', 'icon_emoji', 'icon_url', 'as_user', 'file_ids'];

const refuseNotHere = (args: Arguments, more: readonly string[]): void => {
  const named = [...notHere, ...more].filter((name) => args.text(name) !== undefined);
  if (named.length > 0)
    throw new SlackRefusal(
      'invalid_arguments',
      named.map((name) => `the embedded workspace does not have \`${name}\` [json-pointer:/${name}]`),
    );
};

const metadataOf = (args: Arguments): MessageMetadata | undefined => {
  const metadata = args.structure('metadata', 'invalid_metadata_format');
  if (metadata === undefined) return undefined;
  if (!isRecord(metadata) || typeof metadata.event_type !== 'string' || !isRecord(metadata.event_payload))
    throw new SlackRefusal('invalid_metadata_format');
  return { event_type: metadata.event_type, event_payload: metadata.event_payload };
};

/** `more`: what the one method does not have besides. */
const contentOf = (args: Arguments, more: readonly string[] = []): Content => {
  refuseNotHere(args, more);
  const text = args.text('text');
  const blocks = args.structure('blocks', 'invalid_blocks_format');
  if (blocks !== undefined && !Array.isArray(blocks)) throw new SlackRefusal('invalid_blocks_format');
  const metadata = metadataOf(args);
  return {
    ...(text === undefined ? {} : { text }),
    ...(blocks === undefined ? {} : { blocks }),
    ...(metadata === undefined ? {} : { metadata }),
  };
};

/** By id; chat.postMessage also takes a channel's name and a person's id, which means their direct messages. */
const destination = (parts: Parts, channel: string): Conversation => {
  const { directory } = parts;
  const name = channel.replace(/^#/, '');
  const found =
    findConversation(directory, channel) ??
    findConversation(directory, directory.channels.find((each) => each.name === name)?.id ?? '') ??
    (findPerson(directory, channel) && findConversation(directory, directId(channel)));
  if (!found) throw new SlackRefusal('channel_not_found');
  return found;
};

export const conversationById = (parts: Parts, id: string): Conversation => {
  const found = findConversation(parts.directory, id);
  if (!found) throw new SlackRefusal('channel_not_found');
  return found;
};

/** A reply to a reply belongs to the thread's first message. */
export const threadOf = (
  parts: Parts,
  conversation: Conversation,
  threadTs: string | undefined,
): { threadTs?: string } => {
  if (threadTs === undefined) return {};
  const parent = parts.store.find(conversation.id, threadTs);
  if (!parent) throw new SlackRefusal('thread_not_found');
  return { threadTs: parent.threadTs ?? parent.ts };
};

const own = (parts: Parts, args: Arguments, notOwn: string): Message => {
  const channel = args.text('channel');
  if (channel === undefined) throw new SlackRefusal('channel_not_found');
  const message = parts.store.find(conversationById(parts, channel).id, args.required('ts'));
  if (!message) throw new SlackRefusal('message_not_found');
  if (message.authorId !== parts.directory.bot.id) throw new SlackRefusal(notOwn);
  return message;
};

const postMessage: Method = (parts, args) => {
  const conversation = destination(parts, args.text('channel') ?? '');
  const place = {
    conversation,
    authorId: parts.directory.bot.id,
    ...threadOf(parts, conversation, args.text('thread_ts')),
  };
  const message = publish(parts, { ...place, broadcast: args.flag('reply_broadcast') }, contentOf(args));
  return { channel: conversation.id, ts: message.ts, message: messageShape(parts, message) };
};

const update: Method = (parts, args) => {
  const message = own(parts, args, 'cant_update_message');
  const content = contentOf(args, ['reply_broadcast']);
  const next = revised(parts, message, content);
  parts.store.replace(next);
  parts.live.changed();
  return { channel: next.conversationId, ts: next.ts, text: next.text, message: messageShape(parts, next) };
};

const remove: Method = (parts, args) => {
  const message = own(parts, args, 'cant_delete_message');
  parts.store.remove(message.conversationId, message.ts);
  parts.live.changed();
  return { channel: message.conversationId, ts: message.ts };
};

const postEphemeral: Method = (parts, args) => {
  const conversation = destination(parts, args.text('channel') ?? '');
  const personId = args.text('user');
  if (personId === undefined) throw missing('user');
  if (!isMember(parts.directory, conversation, personId)) throw new SlackRefusal('user_not_in_channel');
  const place = {
    conversation,
    personId,
    authorId: parts.directory.bot.id,
    ...threadOf(parts, conversation, args.text('thread_ts')),
  };
  return { message_ts: whisper(parts, place, contentOf(args)).ts };
};

/** Leads to the message on the workspace page. */
const getPermalink: Method = (parts, args, origin) => {
  const conversation = conversationById(parts, args.text('channel') ?? '');
  const ts = args.required('message_ts');
  if (!parts.store.find(conversation.id, ts)) throw new SlackRefusal('message_not_found');
  const permalink = `${origin}/workspace/archives/${conversation.id}/p${ts.replace('.', '')}`;
  return { channel: conversation.id, permalink };
};

export const chat: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
};
