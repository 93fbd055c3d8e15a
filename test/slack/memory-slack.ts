import type { ModalView } from '@slack/types';
import { DaypassError } from '#core/errors.ts';
import { messageProblems } from '#local/workspace/block-kit/blocks.ts';
import { viewProblems } from '#local/workspace/block-kit/view.ts';
import type { PostedMessage, Standing } from '#ports/chat.ts';
import type { Slack, SlackMessage } from '#slack/ports.ts';

export type SeenMessage = PostedMessage &
  SlackMessage & { to: string; threadTs?: string; key?: string; updates: number };

export type MemorySlack = {
  port: Slack;
  messages: SeenMessage[];
  told: { channel: string; slackUserId: string; message: SlackMessage }[];
  modals: ModalView[];
  /** The messages of one channel or person that are no replies. */
  in(to: string): SeenMessage[];
  /** Runs before each call with its name; what it throws, the call throws. */
  before: (call: string) => Promise<void> | void;
  /** Runs after the call had its effect. */
  after: (call: string) => Promise<void> | void;
  /** Channels that are gone. */
  gone: Set<string>;
  canFind: boolean;
  /** Accounts that are no member's, or that Slack does not answer about; the others are members'. */
  accounts: Map<string, Standing | Error>;
  /** Of whom it was asked whether they are members. */
  askedOf: string[];
};

/** The Slack port in memory, which refuses the blocks that Slack refuses. */
export const memorySlack = (): MemorySlack => {
  const messages: SeenMessage[] = [];
  let count = 0;
  const checked = (message: SlackMessage): void => {
    const problems = messageProblems(message.blocks);
    if (message.text === '') problems.push('the text is empty');
    if (problems.length > 0) throw new DaypassError('SlackUnavailable', `invalid_blocks: ${problems.join('; ')}`);
  };
  const self: MemorySlack = {
    messages,
    told: [],
    modals: [],
    in: (to) => messages.filter((message) => message.to === to && message.threadTs === undefined),
    before: () => {},
    after: () => {},
    gone: new Set(),
    canFind: true,
    accounts: new Map(),
    askedOf: [],
    port: {
      post: async (to, message, options = {}) => {
        await self.before('post');
        checked(message);
        if (self.gone.has(to)) return 'no-channel';
        count += 1;
        const posted = {
          channel: to.startsWith('U') ? `D${to.slice(1)}` : to,
          ts: `1795342800.${String(count).padStart(6, '0')}`,
        };
        messages.push({ ...posted, ...message, to, ...options, updates: 0 });
        await self.after('post');
        return posted;
      },
      update: async (posted, message) => {
        await self.before('update');
        checked(message);
        if (self.gone.has(posted.channel)) return 'no-channel';
        const found = messages.find(({ channel, ts }) => channel === posted.channel && ts === posted.ts);
        if (!found) return 'no-message';
        Object.assign(found, message, { updates: found.updates + 1 });
        await self.after('update');
        return 'updated';
      },
      find: async (to, key) => {
        const found = messages.find((message) => message.to === to && message.key === key);
        return self.canFind && found ? { channel: found.channel, ts: found.ts } : undefined;
      },
      tell: async (channel, slackUserId, message) => {
        await self.before('tell');
        checked(message);
        if (self.gone.has(channel)) return 'no-channel';
        self.told.push({ channel, slackUserId, message });
        return 'told';
      },
      standingOf: async (userId) => {
        self.askedOf.push(userId);
        const standing = self.accounts.get(userId) ?? { is: 'member' };
        if (standing instanceof Error) throw standing;
        return standing;
      },
      openModal: async (_, view) => {
        await self.before('openModal');
        const problems = viewProblems(view);
        if (problems.length > 0) throw new DaypassError('SlackUnavailable', `invalid view: ${problems.join('; ')}`);
        self.modals.push(view);
      },
    },
  };
  return self;
};
