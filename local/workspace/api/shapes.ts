import { type Conversation, type Directory, findPerson, type Person, slackbotId } from '../directory.ts';
import type { Message } from '../message.ts';
import type { Parts } from '../parts.ts';

/** How messages, channels and users look in an answer or a payload. */

export const messageShape = (parts: Parts, message: Message, withMetadata = true): Record<string, unknown> => {
  const { bot, team } = parts.directory;
  const byBot = message.authorId === bot.id;
  const replies = message.threadTs === undefined ? parts.store.replies(message.conversationId, message.ts) : [];
  const last = replies.at(-1);
  const root = message.broadcast && parts.store.find(message.conversationId, message.threadTs ?? '');
  return {
    type: 'message',
    user: message.authorId,
    ...(byBot ? { bot_id: bot.botId, app_id: bot.appId } : {}),
    team: team.id,
    text: message.text,
    ts: message.ts,
    ...(message.blocks ? { blocks: message.blocks } : {}),
    ...(message.editedTs ? { edited: { user: message.authorId, ts: message.editedTs } } : {}),
    ...(message.metadata && withMetadata ? { metadata: message.metadata } : {}),
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    // https://docs.slack.dev/reference/events/message/thread_broadcast
    ...(message.broadcast ? { subtype: 'thread_broadcast' } : {}),
    ...(root ? { root: messageShape(parts, root, withMetadata) } : {}),
    ...(last
      ? {
          thread_ts: message.ts,
          reply_count: replies.length,
          reply_users: [...new Set(replies.map((reply) => reply.authorId))],
          latest_reply: last.ts,
        }
      : {}),
  };
};

export const conversationShape = (directory: Directory, conversation: Conversation): Record<string, unknown> =>
  conversation.kind === 'direct'
    ? { id: conversation.id, is_im: true, is_channel: false, user: conversation.personId, is_archived: false }
    : {
        id: conversation.id,
        name: conversation.name,
        name_normalized: conversation.name,
        is_channel: true,
        is_im: false,
        is_mpim: false,
        is_private: false,
        is_archived: false,
        is_member: true,
        num_members: directory.people.length + 1,
        context_team_id: directory.team.id,
      };

export const personShape = (directory: Directory, person: Person, deleted: boolean): Record<string, unknown> => ({
  id: person.id,
  team_id: directory.team.id,
  name: person.handle,
  real_name: person.name,
  deleted,
  is_bot: false,
  is_app_user: false,
  is_restricted: false,
  is_ultra_restricted: false,
  tz: 'Etc/UTC',
  tz_label: 'Coordinated Universal Time',
  tz_offset: 0,
  profile: { real_name: person.name, display_name: person.handle, email: person.email, team: directory.team.id },
});

export const botShape = (directory: Directory): Record<string, unknown> => ({
  id: directory.bot.id,
  team_id: directory.team.id,
  name: directory.bot.name.toLowerCase(),
  real_name: directory.bot.name,
  deleted: false,
  is_bot: true,
  is_app_user: false,
  profile: { real_name: directory.bot.name, bot_id: directory.bot.botId, api_app_id: directory.bot.appId },
});

/** The name to show for an author. */
export const authorName = (directory: Directory, authorId: string): string => {
  if (authorId === directory.bot.id) return directory.bot.name;
  if (authorId === slackbotId) return 'Slackbot';
  return findPerson(directory, authorId)?.name ?? authorId;
};
