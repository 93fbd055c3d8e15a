import { isDaypassError } from '#core/errors.ts';
import type { Judgement } from '#core/judgement.ts';
import { done, type Outcome } from '#core/refusal.ts';
import type { DomainEvent } from '#events/events.ts';
import type { Outbox } from '#ports/outbox.ts';
import type { Pause } from '#ports/pause.ts';

/** One kind of thing that is stored with a version: what a judge has to see of it, and how a change of it is saved. */
export type Store<Before, State, Change> = {
  read(id: string): Promise<Before>;
  /**
   * On condition that it is still as it was read, else `VersionConflict`. What the change caused is published after
   * it.
   */
  save(change: Change, before: Before): Promise<State>;
  publishLeftovers(id: string): Promise<unknown>;
};

export type Changed<State, Answer> = { state: State; answer?: Answer };

/**
 * Others may write between our read and our write. Each round ends with somebody's change saved, so this many at once
 * get through.
 */
const rounds = 100;

/**
 * Does it again from the start while somebody else saves in between; the first round is 1. With a pause where so many
 * are at it that they would only stand in each other's way. Throws `VersionConflict` if that never ends.
 */
export const untilSaved = async <T>(attempt: (round: number) => Promise<T>, pause?: Pause): Promise<T> => {
  for (let round = 1; ; round++) {
    try {
      return await attempt(round);
    } catch (error) {
      if (!isDaypassError(error, 'VersionConflict') || round === rounds) throw error;
    }
    await pause?.(Math.min(5 * round, 50));
  }
};

/**
 * Judges something as it is stored and saves what the judge makes of it, again from the start when somebody else
 * saved meanwhile. `known`: as the caller has just read it, which saves the first look. Throws what the store throws,
 * and `VersionConflict` if that never ends.
 */
export const change = <Before, State, Change, Answer = never>(
  { read, save, publishLeftovers }: Store<Before, State, Change>,
  id: string,
  judge: (before: Before) => Judgement<State, Change, Answer>,
  known?: Before,
): Promise<Outcome<Changed<State, Answer>>> =>
  untilSaved(async (round) => {
    const before = round === 1 && known !== undefined ? known : await read(id);
    const judgement = judge(before);
    if ('ok' in judgement) return judgement;
    const told = 'answer' in judgement ? { answer: judgement.answer } : {};
    if ('change' in judgement) return done({ state: await save(judgement.change, before), ...told });
    if (judgement.again) await publishLeftovers(id);
    return done({ state: judgement.keep, ...told });
  });

/**
 * Saves the first version of something. Where there is one already it is left as it is, and what it caused is
 * published.
 */
export const create = <Before, State, Change>(
  { read, save, publishLeftovers }: Store<Before | undefined, State, Change>,
  id: string,
  first: Change,
): Promise<State | Before> =>
  untilSaved(async () => {
    try {
      return await save(first, undefined);
    } catch (error) {
      if (!isDaypassError(error, 'VersionConflict')) throw error;
      const before = await read(id);
      // Somebody else is at it at this moment: what they save cannot be read yet, and may come to nothing.
      if (before === undefined) throw error;
      // The first answer may have been lost before its event was published.
      await publishLeftovers(id);
      return before;
    }
  });

/** Saves, then publishes what that caused. */
export const publishing =
  <Change extends { events: readonly DomainEvent[] }>(
    save: (change: Change) => Promise<void>,
    { publish }: Pick<Outbox, 'publish'>,
  ) =>
  async (change: Change): Promise<Change> => {
    await save(change);
    if (change.events.length > 0) await publish(change.events);
    return change;
  };
