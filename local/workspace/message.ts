import type { KnownBlock } from '@slack/types';

export type MessageMetadata = { event_type: string; event_payload: Record<string, unknown> };

/** A message as the workspace keeps it. `text` is Slack's mrkdwn with `&`, `<` and `>` escaped. */
export type Message = {
  conversationId: string;
  /** Slack's own id of a message: seconds and microseconds, `1732269600.000100`. Unique and increasing. */
  ts: string;
  /** The `ts` of the message that this one replies to. */
  threadTs?: string;
  /** A reply that stands in the channel as well. */
  broadcast?: true;
  authorId: string;
  text: string;
  blocks?: readonly KnownBlock[];
  metadata?: MessageMetadata;
  editedTs?: string;
};

/** A message that one person sees until they dismiss it or the workspace restarts. */
export type Ephemeral = Message & { personId: string };
