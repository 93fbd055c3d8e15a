import type { KnownBlock, ModalView } from '@slack/types';
import type { RawValue, RawValues } from '../view-state.ts';

/**
 * What the page and the workspace say to each other under `/workspace/ui/`. No Node types here: the browser reads it
 * too.
 */

export type PersonView = { id: string; handle: string; name: string };

export type MessageView = {
  ts: string;
  author: { id: string; name: string; kind: 'person' | 'app' | 'slackbot' };
  text: string;
  blocks?: readonly KnownBlock[];
  edited: boolean;
  /** Only this person sees it. */
  ephemeral: boolean;
  replies: readonly MessageView[];
  /** The message whose thread it stands in, of a reply that stands in the conversation as well. */
  repliesTo?: { ts: string; text: string };
};

export type ConversationView = {
  id: string;
  kind: 'channel' | 'direct';
  /** A channel's name without `#`; in direct messages the app's name. */
  name: string;
  unread: boolean;
  /** Nobody can write here. */
  readOnly: boolean;
  messages: readonly MessageView[];
};

export type ModalInView = { id: string; hash: string; modal: ModalView; blocks: readonly KnownBlock[]; depth: number };

export type WorkspaceState = {
  team: { id: string; name: string };
  me: PersonView;
  people: readonly PersonView[];
  app: { id: string; name: string };
  conversations: readonly ConversationView[];
  /** The topmost modal, if one is open. */
  modal?: ModalInView;
};

export type SayRequest = { as: string; channel: string; text: string; threadTs?: string | undefined };
export type ClickRequest = {
  as: string;
  blockId: string;
  actionId: string;
  /** What the element holds now; not for buttons. An overflow menu sends the chosen option's value. */
  value?: RawValue | undefined;
} & ({ channel: string; ts: string } | { viewId: string; values: RawValues });
export type SubmitRequest = { as: string; viewId: string; values: RawValues };
export type CloseRequest = { as: string; viewId: string; all: boolean };
export type MarkRequest = { as: string; channel: string; ts: string };

/** `say` is for the person: what happened and what to do. `errors` belong to blocks of a modal. */
export type UiAnswer = { ok: true } | { ok: false; say: string; errors?: Readonly<Record<string, string>> };
