import type { KnownBlock, ModalView } from '@slack/types';
import type { Chat } from '#ports/chat.ts';
import type { Ports } from '#ports/ports.ts';

/** One Slack message. `text` is what notifications and screen readers get; it is always filled. */
export type SlackMessage = { text: string; blocks: KnownBlock[] };

/** Slack's Web API: a chat whose messages are blocks, and which shows forms. Throws `SlackUnavailable`. */
export type Slack = Chat<SlackMessage> & {
  /** Within three seconds of the click or the command that `triggerId` stands for. */
  openModal(triggerId: string, view: ModalView): Promise<void>;
};

/** Everything outside, where people are met in Slack. */
export type PortsWithSlack = Ports & { slack: Slack };

/** What the listeners and the ingress in front of them use. */
export type SlackPorts = Pick<
  PortsWithSlack,
  | 'clock'
  | 'pause'
  | 'ids'
  | 'log'
  | 'policy'
  | 'requests'
  | 'outbox'
  | 'alerts'
  | 'lockdowns'
  | 'logins'
  | 'postings'
  | 'replies'
  | 'secrets'
  | 'slack'
>;
