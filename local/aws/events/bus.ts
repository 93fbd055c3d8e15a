import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { LocalClock } from '../../clock.ts';
import { AwsError, type AwsService } from '../service.ts';
import { atomically } from './atomically.ts';
import type { BusEvent } from './bus-event.ts';
import { createDeliveries } from './deliveries.ts';
import type { DeadLetter } from './delivery-store.ts';
import { type AcceptedEvent, judgeEntries, needsOfPutEvents } from './put-events.ts';
import { createRuleSet, defaultBus, type Rule } from './rules.ts';

export type EventBus = {
  /** Adds or replaces a rule. Throws with every problem that it has. */
  putRule(rule: Rule): void;
  /** An event of AWS itself, on the default bus. When this returns, a matched event is on disk. */
  put(event: BusEvent): void;
  /** `PutEvents` for the endpoint. */
  service: AwsService;
  /** Hears every event that came through PutEvents, after it is on disk. Returns how to stop hearing. */
  onPublished(listener: (event: BusEvent) => void): () => void;
  /** Takes up the deliveries that an earlier process left; call it once the rules and handlers are there. */
  resume(): void;
  /** Newest first. */
  deadLetters(limit?: number): DeadLetter[];
  idle(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * The event buses `default` and `daypass` of every account at once: the rules that forward a target account's events
 * to the hub are taken as given, and an event's `account` says where it happened. Deliveries are durable, at least
 * once, in no order. The database should be in WAL mode; one connection, since a publication is one transaction.
 */
export const createEventBus = (deps: {
  db: DatabaseSync;
  clock: LocalClock;
  /** Runs the handler; a rejection is retried by the target's policy. */
  deliverTo: (functionName: string, event: BusEvent) => Promise<void>;
  busNames?: readonly string[];
  newId?: () => string;
  random?: () => number;
}): EventBus => {
  const { db, clock, deliverTo, newId = randomUUID, random = Math.random } = deps;
  const busNames = new Set(deps.busNames ?? [defaultBus, 'daypass']);
  const rules = createRuleSet();
  const deliveries = createDeliveries({ db, clock, deliverTo, random });
  const listeners = new Set<(event: BusEvent) => void>();

  const publish = (events: readonly AcceptedEvent[]): void => {
    const reached = events.map(({ event, eventBusName }) => ({ event, rules: rules.reachedBy(event, eventBusName) }));
    if (!reached.some((one) => one.rules.length > 0)) return;
    atomically(db, () => {
      for (const { event, rules } of reached) {
        for (const rule of rules) deliveries.add(event, rule.name, rule.targets);
      }
    });
    deliveries.wake();
  };

  const service: AwsService = {
    needs: (call) => (call.action === 'PutEvents' ? needsOfPutEvents(call) : []),
    handle: async (call) => {
      if (call.action !== 'PutEvents') {
        throw new AwsError(
          'UnknownOperationException',
          `The embedded EventBridge does PutEvents only, not ${call.action}. Rules are put from events/rules at the start.`,
        );
      }
      const { results, accepted } = judgeEntries(call, busNames, newId);
      publish(accepted);
      for (const { event } of accepted) for (const listener of listeners) listener(event);
      return { FailedEntryCount: results.length - accepted.length, Entries: results };
    },
  };

  return {
    putRule: rules.put,
    put: (event) => publish([{ event, eventBusName: defaultBus }]),
    service,
    onPublished: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    resume: deliveries.resume,
    deadLetters: deliveries.deadLetters,
    idle: deliveries.idle,
    stop: deliveries.stop,
  };
};
