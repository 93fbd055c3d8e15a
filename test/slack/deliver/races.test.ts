import fc, { type Scheduler } from 'fast-check';
import { expect, it } from 'vitest';
import type { PostedMessage } from '#ports/chat.ts';
import { keepShown } from '#slack/deliver/keep-shown.ts';
import type { NoticePorts } from '#slack/deliver/post-once.ts';
import type { SlackMessage } from '#slack/ports.ts';

type State = { version: number };
type Card = PostedMessage & { key: string | undefined; shows: string };

const died = new Error('died');
const messageOf = ({ version }: State): SlackMessage => ({ text: `version ${version}`, blocks: [] });

/** Everything outside, shared by all processes. Each call takes a while before and after it has its effect. */
const outside = (scheduler: Scheduler) => {
  const cards: Card[] = [];
  const claims = new Map<string, { holder: number; posted?: PostedMessage }>();
  const dead = new Set<number>();
  const state: State = { version: 1 };

  /** The ports of one process, which dies at its `lives`-th step for good. */
  const portsOf = (holder: number, lives: number): NoticePorts & { read: () => Promise<State> } => {
    let steps = 0;
    const step = async (what: string): Promise<void> => {
      await scheduler.schedule(Promise.resolve(), `${holder} ${what}`);
      steps += 1;
      if (steps < lives) return;
      dead.add(holder);
      throw died;
    };
    const call = async <T>(what: string, effect: () => T): Promise<T> => {
      await step(what);
      const answer = effect();
      await step(`after ${what}`);
      return answer;
    };
    const refuse = (): never => {
      throw new Error('not used here');
    };
    return {
      read: () => call('read', () => ({ ...state })),
      pause: () => step('pause'),
      log: { info: () => {}, warn: () => {}, error: () => {} },
      postings: {
        get: (subject) => call('get', () => claims.get(subject)?.posted),
        claim: (subject) =>
          call('claim', () => {
            const claim = claims.get(subject);
            if (claim && (claim.posted || !dead.has(claim.holder))) return 'busy';
            claims.set(subject, { holder });
            return claim ? 'again' : 'first';
          }),
        keep: (subject, posted) => call('keep', () => void claims.set(subject, { holder, posted })),
        learn: refuse,
        giveUp: () => call('give up', () => {}),
      },
      slack: {
        post: (to, message, options) =>
          call('post', () => {
            const posted = { channel: to, ts: String(cards.length + 1) };
            cards.push({ ...posted, key: options?.key, shows: message.text });
            return posted;
          }),
        update: (posted, message) =>
          call('update', () => {
            const card = cards.find(({ ts }) => ts === posted.ts);
            if (!card) return 'no-message';
            card.shows = message.text;
            return 'updated';
          }),
        find: (_, key) =>
          call('find', () => {
            const card = cards.find((each) => each.key === key);
            return card && { channel: card.channel, ts: card.ts };
          }),
        tell: refuse,
      },
    };
  };
  return { cards, state, portsOf };
};

it('whatever overtakes what and whoever dies when, there is one card and it shows the last state', async () => {
  const lives = fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(lives, { minLength: 1, maxLength: 4 }), async (scheduler, events) => {
      const { cards, state, portsOf } = outside(scheduler);
      let holders = 0;
      /** One event: saved, then delivered again until a process lives through it. */
      const deliver = async (deaths: readonly number[], index: number): Promise<void> => {
        await scheduler.schedule(Promise.resolve(), `save ${index}`);
        if (index > 0) state.version += 1;
        for (let attempt = 0; ; attempt++) {
          const ports = portsOf(++holders, deaths[attempt] ?? Number.POSITIVE_INFINITY);
          const shown = { subject: 'card', to: 'C0ACCESS', read: ports.read, render: messageOf, isWanted: () => true };
          const isShown = await keepShown(shown, ports).then(
            () => true,
            () => false,
          );
          if (isShown) return;
        }
      };
      await scheduler.waitFor(Promise.all(events.map(deliver)));
      expect(cards).toHaveLength(1);
      expect(cards[0]?.shows).toBe(`version ${state.version}`);
    }),
    { numRuns: 1000 },
  );
});
