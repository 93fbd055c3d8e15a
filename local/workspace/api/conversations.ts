import { type Conversation, directId, findConversation, findPerson, members } from '../directory.ts';
import type { Parts } from '../parts.ts';
import { SlackRefusal } from '../refusal.ts';
import { isTs } from '../timestamps.ts';
import type { Arguments } from './arguments.ts';
import { conversationById } from './chat.ts';
import { fromCursor, slicePage, toCursor } from './cursor.ts';
import type { Method } from './method.ts';
import { conversationShape, messageShape } from './shapes.ts';

const named = (parts: Parts, args: Arguments): Conversation => conversationById(parts, args.text('channel') ?? '');

const open: Method = (parts, args) => {
  const channel = args.text('channel');
  const users = (args.text('users') ?? '').split(',').filter((id) => id !== '');
  if (channel === undefined && users.length === 0) throw new SlackRefusal('users_list_not_supplied');
  if (users.length > 1)
    throw new SlackRefusal('invalid_arguments', ['the embedded workspace has no group messages [json-pointer:/users]']);
  const [personId = ''] = users;
  if (channel === undefined && !findPerson(parts.directory, personId)) throw new SlackRefusal('user_not_found');
  const conversation = conversationById(parts, channel ?? directId(personId));
  const wasOpened = conversation.kind === 'direct' && parts.store.openDirect(conversation.id);
  return {
    ...(wasOpened ? {} : { no_op: true, already_open: true }),
    channel: args.flag('return_im') ? conversationShape(parts.directory, conversation) : { id: conversation.id },
  };
};

const listAll: Method = (parts, args) => {
  const types = (args.text('types') ?? 'public_channel').split(',').map((type) => type.trim());
  const known = ['public_channel', 'private_channel', 'mpim', 'im'];
  if (types.some((type) => !known.includes(type))) throw new SlackRefusal('invalid_types');
  const directs = parts.store.openedDirects().flatMap((id) => findConversation(parts.directory, id) ?? []);
  const channels = parts.directory.channels.map((channel): Conversation => ({ kind: 'channel', ...channel }));
  const all = [...(types.includes('public_channel') ? channels : []), ...(types.includes('im') ? directs : [])];
  const page = slicePage(all, args);
  return {
    channels: page.items.map((conversation) => conversationShape(parts.directory, conversation)),
    response_metadata: { next_cursor: page.nextCursor },
  };
};

const info: Method = (parts, args) => ({ channel: conversationShape(parts.directory, named(parts, args)) });

const listMembers: Method = (parts, args) => {
  const ids = [...members(parts.directory, named(parts, args)).map((person) => person.id), parts.directory.bot.id];
  const page = slicePage(ids, args);
  return { members: page.items, response_metadata: { next_cursor: page.nextCursor } };
};

const bound = (args: Arguments, name: 'oldest' | 'latest'): Partial<Record<'oldest' | 'latest', string>> => {
  const value = args.text(name);
  if (value === undefined) return {};
  if (isTs(value)) return { [name]: value };
  if (!/^\d{1,11}(\.\d+)?$/.test(value)) throw new SlackRefusal(`invalid_ts_${name}`);
  const [seconds = '0', fraction = ''] = value.split('.');
  return { [name]: `${seconds}.${fraction.padEnd(6, '0').slice(0, 6)}` };
};

/** https://docs.slack.dev/reference/methods/conversations.history: 100 where nothing is said, 999 at most. */
const history: Method = (parts, args) => {
  const conversation = named(parts, args);
  const limit = args.limit(100, 999);
  const cursor = args.text('cursor');
  const before = cursor === undefined ? {} : { latest: fromCursor(cursor, 'next_ts') };
  const range = { ...bound(args, 'oldest'), ...bound(args, 'latest'), ...before };
  const inclusive = args.flag('inclusive') && cursor === undefined;
  const found = parts.store.page(conversation.id, { ...range, inclusive, limit: limit + 1 });
  const messages = found.slice(0, limit);
  const last = messages.at(-1);
  const more = found.length > limit && last !== undefined;
  return {
    messages: messages.map((message) => messageShape(parts, message, args.flag('include_all_metadata'))),
    has_more: more,
    pin_count: 0,
    ...(more ? { response_metadata: { next_cursor: toCursor('next_ts', last.ts) } } : {}),
  };
};

const replies: Method = (parts, args) => {
  const conversation = named(parts, args);
  const asked = parts.store.find(conversation.id, args.required('ts'));
  if (!asked) throw new SlackRefusal('thread_not_found');
  const parent = asked.threadTs === undefined ? asked : parts.store.find(conversation.id, asked.threadTs);
  const thread = [...(parent ? [parent] : []), ...parts.store.replies(conversation.id, asked.threadTs ?? asked.ts)];
  const { oldest = '' } = bound(args, 'oldest');
  const { latest = '~' } = bound(args, 'latest');
  const within = thread.filter((message) => message === parent || (message.ts > oldest && message.ts < latest));
  const page = slicePage(within, args);
  return {
    messages: page.items.map((message) => messageShape(parts, message, args.flag('include_all_metadata'))),
    has_more: page.nextCursor !== '',
    ...(page.nextCursor === '' ? {} : { response_metadata: { next_cursor: page.nextCursor } }),
  };
};

export const conversations: Readonly<Record<string, Method>> = {
  'conversations.open': open,
  'conversations.list': listAll,
  'conversations.info': info,
  'conversations.members': listMembers,
  'conversations.history': history,
  'conversations.replies': replies,
};
