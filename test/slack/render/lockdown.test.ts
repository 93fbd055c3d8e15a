import { describe, expect, it } from 'vitest';
import type { Lockdown } from '#core/lockdown/lockdown.ts';
import { messageProblems } from '#local/workspace/block-kit/blocks.ts';
import { viewProblems } from '#local/workspace/block-kit/view.ts';
import {
  finishedReply,
  liftedReply,
  lockdownCard,
  progressReply,
  type ShownLockdown,
} from '#slack/render/lockdown-card.ts';
import { liftModal, lockdownDoneModal, lockdownModal, lockdownsAnswer } from '#slack/render/lockdown-modals.ts';
import { policy } from '#test/slack/world.ts';

const hostile = `<!channel> *bold* ${'x'.repeat(600)}`;
const account = { kind: 'account', accountId: '222222222222' } as const;
const lockdown: Lockdown = {
  id: '01JD8Q00000000000000000000',
  version: 1,
  auditHead: '',
  status: 'in-force',
  scope: account,
  reason: hostile,
  begunAt: '2026-11-23T10:00:05.000Z',
  begunBy: 'bob',
};
const failed = Array.from({ length: 12 }, (_, index) => `01JD8Q000000000000000000${index + 10}`);
const shown: ShownLockdown = {
  version: 1,
  lockdown: { ...lockdown, finished: { at: '2026-11-23T10:01:05.000Z', progress: 30 } },
  tally: { grants: 20, verified: 8, closed: 1, failed, roles: { verified: 3, all: 3 } },
  failures: failed.slice(0, 10).map((id) => `Alice: ${hostile} ${id}`),
};

describe('what Slack is told of a lockdown', () => {
  const messages = {
    card: lockdownCard(policy, shown),
    progress: progressReply(shown),
    finished: finishedReply(shown),
    lifted: liftedReply(policy, shown),
    list: lockdownsAnswer(
      policy,
      Array.from({ length: 40 }, () => lockdown),
      true,
    ),
  };

  it.each(Object.entries(messages))('%s is taken, and says nothing to the whole channel', (_, message) => {
    expect(messageProblems(message.blocks)).toEqual([]);
    expect(message.text).not.toContain('<!channel>');
    const markup = JSON.stringify(message.blocks).match(/"type":"mrkdwn","text":"[^"]*<!channel>/);
    expect(markup).toBeNull();
  });

  it('names what could not be ended, ten of it, and counts the rest', () => {
    const text = JSON.stringify(messages.card.blocks);
    expect(text).toContain('12 could not be ended yet');
    expect(text).toContain('and 2 more');
  });
});

describe('what is asked once more', () => {
  const preview = { scope: account, grants: 2, sessions: 3, waiting: 1, people: ['alice', 'bob'], approvers: ['bob'] };

  it('is a modal that Slack takes, with the count and a warning to approvers', () => {
    const view = lockdownModal(policy, preview, {
      nonce: '01JD8Q00000000000000000000',
      personId: 'bob',
      reason: hostile,
    });
    expect(viewProblems(view)).toEqual([]);
    const text = JSON.stringify(view.blocks);
    expect(text).toContain('*2 grants* with *3 live sessions* and closes *1 request*');
    expect(text).toContain('lose their own access with it: Bob');
  });

  it('tells somebody who locks themselves down that another has to lift it', () => {
    const scope = { kind: 'person', personId: 'bob' } as const;
    const order = { nonce: '01JD8Q00000000000000000000', personId: 'bob', reason: '' };
    expect(JSON.stringify(lockdownModal(policy, { ...preview, scope }, order))).toContain(
      'somebody else has to lift it',
    );
  });

  it('is a modal before a lockdown is lifted, too', () => {
    expect(viewProblems(liftModal(policy, lockdown, ''))).toEqual([]);
    expect([true, false].flatMap((lifted) => viewProblems(lockdownDoneModal(policy, account, lifted)))).toEqual([]);
  });
});
