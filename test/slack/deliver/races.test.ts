import fc, { type Scheduler } from 'fast-check';
import { expect, it } from 'vitest';
import type { PostedMessage } from '#ports/chat.ts';
import { keepAllShown } from '#slack/deliver/keep-shown.ts';
import type { NoticePorts } from '#slack/deliver/post-once.ts';
import type { SlackMessage } from '#slack/ports.ts';

type State = { version: number };
type Card = PostedMessage & { key: string | undefined; shows: string };

const died = new Error('died');
const messageOf = ({ version }: State): SlackMessage => ({ text: `version ${version}`, blocks: [] });

/** Everything outside, shared by all processes. Each call takes a while before and after it has its effect. */
const outside = (scheduler: Scheduler) => {
  const cards: Card[] = [];
  const claims = new Map<string, { holder?: number; posted?: PostedMessage; version?: number }>();
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
        look: (subject) =>
          call('look', () => {
            const { holder: by, posted, version } = claims.get(subject) ?? {};
            return {
              ...(posted && { posted }),
              ...(!posted && by !== undefined && { claimed: dead.has(by) ? ('before' as const) : ('now' as const) }),
              ...(version !== undefined && { version }),
            };
          }),
        begin: (showings) =>
          call('begin', () => {
            const mayAll = showings.every(({ subject, version, as }) => {
              const { holder: by, posted, version: newest = 0 } = claims.get(subject) ?? {};
              const claim = by === undefined ? 'first' : dead.has(by) ? 'again' : 'theirs';
              if (newest > version || (posted !== undefined) !== (as === 'posted')) return false;
              return as === 'posted' || as === 'not-wanted' || as === claim;
            });
            if (!mayAll) return false;
            for (const { subject, version, as } of showings) {
              claims.set(subject, {
                ...claims.get(subject),
                version,
                ...((as === 'first' || as === 'again') && { holder }),
              });
            }
            return true;
          }),
        finish: (shown) =>
          call('finish', () => {
            for (const { subject, posted } of shown) {
              if (posted) claims.set(subject, { ...claims.get(subject), posted });
            }
            return shown.every(({ subject, version }) => claims.get(subject)?.version === version);
          }),
        claim: (subject) =>
          call('claim', () => {
            const claim = claims.get(subject);
            if (claim && (claim.posted || claim.holder === undefined || !dead.has(claim.holder))) return 'busy';
            claims.set(subject, { ...claim, holder });
            return claim ? 'again' : 'first';
          }),
        keep: (subject, posted) =>
          call('keep', () => void claims.set(subject, { ...claims.get(subject), holder, posted })),
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
        standingOf: refuse,
      },
    };
  };
  return { cards, state, portsOf };
};

it('whatever overtakes what and whoever dies when, there is one card and at most one note, and they show the last state', async () => {
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
          const card = { subject: 'card', to: () => 'C0ACCESS', render: messageOf, isWanted: () => true };
          // Only the first state begins it, as a direct message is begun.
          const note = {
            ...card,
            subject: 'note',
            to: () => 'U0ALICE',
            isWanted: ({ version }: State) => version === 1,
          };
          // As `showRequest` asks for the place of each: one that could not be shown has the event delivered again.
          const isShown = await keepAllShown(ports.read, [card, note], ports)
            .then((shown) => ['card', 'note'].map((subject) => shown?.placeOf(subject)).some((place) => place))
            .catch(() => false);
          if (isShown) return;
        }
      };
      await scheduler.waitFor(Promise.all(events.map(deliver)));
      expect(cards.filter(({ key }) => key === 'card')).toHaveLength(1);
      expect(cards.filter(({ key }) => key === 'note').length).toBeLessThanOrEqual(1);
      expect([...new Set(cards.map(({ shows }) => shows))]).toEqual([`version ${state.version}`]);
    }),
    { numRuns: 1000 },
  );
});
