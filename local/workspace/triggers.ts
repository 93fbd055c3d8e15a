import { randomBytes } from 'node:crypto';
import type { Clock } from '#ports/clock.ts';

/** https://docs.slack.dev/interactivity/handling-user-interaction: a trigger expires in 3 s and works once. */
const lifetimeMs = 3000;

export type TriggerError = 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id';
/** `viewId` is the modal that the interaction came from, if it came from one. */
type Trigger = { personId: string; viewId?: string; issuedAtMs: number; used: boolean };

export type Triggers = {
  /** Form `132456.7890123.abcdef`. Kept in memory only. */
  issue(personId: string, viewId?: string): string;
  /** Does not use it up: call `use` once the view is known to be good. */
  check(id: string): TriggerError | { personId: string; viewId?: string };
  use(id: string): void;
};

export const createTriggers = (clock: Clock): Triggers => {
  const issued = new Map<string, Trigger>();
  let count = 0;
  const dropOld = (): void => {
    for (const [id, trigger] of issued) if (clock.nowMs() - trigger.issuedAtMs > 60_000) issued.delete(id);
  };
  return {
    issue: (personId, viewId) => {
      dropOld();
      count += 1;
      const id = `${count}.${Math.floor(clock.nowMs() / 1000)}.${randomBytes(16).toString('hex')}`;
      issued.set(id, { personId, issuedAtMs: clock.nowMs(), used: false, ...(viewId === undefined ? {} : { viewId }) });
      return id;
    },
    check: (id) => {
      const trigger = issued.get(id);
      if (!trigger) return 'invalid_trigger_id';
      if (trigger.used) return 'exchanged_trigger_id';
      if (clock.nowMs() - trigger.issuedAtMs > lifetimeMs) return 'expired_trigger_id';
      return trigger;
    },
    use: (id) => {
      const trigger = issued.get(id);
      if (trigger) trigger.used = true;
    },
  };
};
