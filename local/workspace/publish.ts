import type { KnownBlock } from '@slack/types';
import { assignIds } from './block-kit/assign-ids.ts';
import { messageProblems } from './block-kit/blocks.ts';
import { characters } from './block-kit/check.ts';
import type { Conversation } from './directory.ts';
import type { Ephemeral, Message, MessageMetadata } from './message.ts';
import type { Parts } from './parts.ts';
import { SlackRefusal } from './refusal.ts';

/** What a message says. Unchecked: from the app. */
export type Content = { text?: string; blocks?: unknown; metadata?: MessageMetadata };

/** https://docs.slack.dev/reference/methods/chat.postMessage: a text is at most 40,000 characters. */
const textMax = 40_000;
/** No page says it; measured by an app's author: https://github.com/slackapi/bolt-js/issues/2509 */
const blocksMax = 13_200;

type Checked = { text: string; blocks?: readonly KnownBlock[]; metadata?: MessageMetadata };

/**
 * Throws `SlackRefusal`: no_text, msg_too_long, invalid_blocks, msg_blocks_too_long. An empty list of blocks is none.
 */
export const checkContent = (content: Content, seed: string): Checked => {
  const text = content.text ?? '';
  const problems = content.blocks === undefined ? [] : messageProblems(content.blocks);
  if (problems.length > 0) throw new SlackRefusal('invalid_blocks', problems);
  const blocks = content.blocks === undefined ? [] : assignIds(content.blocks, seed);
  if (text.trim() === '' && blocks.length === 0) throw new SlackRefusal('no_text');
  if (characters(text) > textMax) throw new SlackRefusal('msg_too_long');
  if (blocks.length > 0 && JSON.stringify(content.blocks).length > blocksMax)
    throw new SlackRefusal('msg_blocks_too_long');
  return {
    text,
    ...(blocks.length === 0 ? {} : { blocks }),
    ...(content.metadata === undefined ? {} : { metadata: content.metadata }),
  };
};

/** `broadcast` says something of a reply only, as in Slack. */
type Place = { conversation: Conversation; authorId: string; threadTs?: string; broadcast?: boolean };

const draft = (parts: Parts, place: Place, content: Content): Message => {
  const ts = parts.nextTs();
  const threadTs = place.threadTs === ts ? undefined : place.threadTs;
  return {
    conversationId: place.conversation.id,
    ts,
    authorId: place.authorId,
    ...checkContent(content, ts),
    ...(threadTs === undefined ? {} : { threadTs, ...(place.broadcast ? { broadcast: true } : {}) }),
  };
};

/** Stores the message, then shows it. Throws `SlackRefusal`. */
export const publish = (parts: Parts, place: Place, content: Content): Message => {
  const message = draft(parts, place, content);
  if (place.conversation.kind === 'direct') parts.store.openDirect(place.conversation.id);
  parts.store.add(message);
  parts.live.changed();
  return message;
};

/** Shows the message to one person only. Throws `SlackRefusal`. */
export const whisper = (parts: Parts, place: Place & { personId: string }, content: Content): Ephemeral => {
  const message = { ...draft(parts, place, content), personId: place.personId };
  parts.ephemerals.add(message);
  parts.live.changed();
  return message;
};

/**
 * The message with its new content. A new text without blocks takes the blocks away; blocks alone keep no old text
 * (https://docs.slack.dev/reference/methods/chat.update). Slack marks as edited only what shows its text.
 */
export const revised = (parts: Parts, message: Message, content: Content): Message => {
  const { text, blocks, metadata } = checkContent(content, `${message.ts}/${parts.nextTs()}`);
  const { editedTs: _, blocks: __, ...kept } = message;
  return {
    ...kept,
    text,
    ...(blocks === undefined ? { editedTs: parts.nextTs() } : { blocks }),
    ...(metadata === undefined ? {} : { metadata }),
  };
};
