import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { accountOfArn } from '#core/aws-arn.ts';
import type { LocalClock } from '../../clock.ts';
import { AwsError, type AwsService } from '../service.ts';
import { atomically } from './atomically.ts';
import type { BusEvent } from './bus-event.ts';
import { createBusPolicies, putEventsContext } from './bus-policies.ts';
import { createDeliveries } from './deliveries.ts';
import type { DeadLetter } from './delivery-store.ts';
import { type AcceptedEvent, judgeEntries, needsOfPutEvents } from './put-events.ts';
import { answerRuleAction, isRuleAction, needsOfRuleAction } from './rule-api.ts';
import { type BusTarget, createRuleSet, defaultBus, type Rule } from './rules.ts';

export type EventBus = {
  /** Adds or replaces a rule. Throws with every problem that it has. */
  putRule(rule: Rule): void;
  /** Lets others put events on a bus. Throws MalformedPolicyDocument. */
  allow(busArn: string, statement: Readonly<Record<string, unknown>>): void;
  /**
   * An event of AWS itself, on the default bus of its account or, as if it had been sent on, of another. When this
   * returns, a matched event is on disk.
   */
  put(event: BusEvent, accountId?: string): void;
  /** `PutEvents`, and what of the API is about rules, for the endpoint. */
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

/** What EventBridge is about to do for a rule, with the role that the rule names. */
export type Forward = {
  roleArn: string;
  ruleArn: string;
  eventBusArn: string;
  context: Readonly<Record<string, readonly string[]>>;
};

/**
 * The event buses `default` and `daypass` of every account; one of each for all its regions. A rule may send on to the
 * bus of another account, where the event keeps its `account` and `id`. That happens within the publication, so that it
 * takes no delivery of its own. What was sent on once is not sent on again: AWS does not carry an event to a third
 * account either. Deliveries to functions are durable, at least once, in no order. The database should be in WAL mode;
 * one connection, since a publication is one transaction.
 */
export const createEventBus = (deps: {
  db: DatabaseSync;
  clock: LocalClock;
  /** Runs the handler; a rejection is retried by the target's policy. */
  deliverTo: (functionName: string, event: BusEvent) => Promise<void>;
  /** Whether a role lets EventBridge put the event on the other bus. Without this none does. */
  mayForward?: (forward: Forward) => boolean;
  busNames?: readonly string[];
  newId?: () => string;
  random?: () => number;
}): EventBus => {
  const { db, clock, deliverTo, mayForward = () => false, newId = randomUUID, random = Math.random } = deps;
  const busNames = new Set(deps.busNames ?? [defaultBus, 'daypass']);
  const rules = createRuleSet();
  const deliveries = createDeliveries({ db, clock, deliverTo, random });
  const listeners = new Set<(event: BusEvent) => void>();

  const policies = createBusPolicies();

  /** Why EventBridge would not put the event there; undefined when it would. */
  const refusal = (event: BusEvent, rule: Rule, { eventBusArn, roleArn }: BusTarget): string | undefined => {
    const { accountId, name, eventBusName = defaultBus } = rule;
    const path = eventBusName === defaultBus ? name : `${eventBusName}/${name}`;
    const ruleArn = `arn:aws:events:${event.region}:${accountId}:rule/${path}`;
    if (!mayForward({ roleArn, ruleArn, eventBusArn, context: putEventsContext([event]) })) {
      return `${roleArn} does not let EventBridge put events on ${eventBusArn} for ${ruleArn}.`;
    }
    const abroad = accountOfArn(eventBusArn) !== accountId;
    return abroad && !policies.allow(eventBusArn, roleArn, event)
      ? `The policy of ${eventBusArn} does not let ${roleArn} put this event there.`
      : undefined;
  };

  /** What is to be written for the event on this bus, each as a function to run within the transaction. */
  const writesFor = (event: BusEvent, accountId: string, eventBusName: string, sentOn: boolean): (() => void)[] =>
    rules.reachedBy(event, accountId, eventBusName).flatMap((rule) =>
      rule.targets.flatMap((target) => {
        if ('functionName' in target) return [() => deliveries.add(event, rule.name, target)];
        if (sentOn) return [];
        const reason = refusal(event, rule, target);
        if (reason !== undefined) return [() => deliveries.refuse(event, rule.name, target, reason)];
        return writesFor(
          event,
          accountOfArn(target.eventBusArn) ?? '',
          target.eventBusArn.split('/').at(-1) ?? '',
          true,
        );
      }),
    );

  const publish = (events: readonly (AcceptedEvent & { accountId?: string })[]): void => {
    const writes = events.flatMap(({ event, eventBusName, accountId = event.account }) =>
      writesFor(event, accountId, eventBusName, accountId !== event.account),
    );
    if (writes.length === 0) return;
    atomically(db, () => {
      for (const write of writes) write();
    });
    deliveries.wake();
  };

  const service: AwsService = {
    needs: (call) => {
      if (isRuleAction(call.action)) return needsOfRuleAction(call);
      return call.action === 'PutEvents' ? needsOfPutEvents(call) : [];
    },
    handle: async (call) => {
      if (isRuleAction(call.action)) return answerRuleAction(call, { ...rules, busNames, busPolicy: policies.text });
      if (call.action !== 'PutEvents') {
        throw new AwsError(
          'UnknownOperationException',
          `The embedded EventBridge does not do ${call.action}. Its rules are those of events/rules.`,
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
    allow: policies.add,
    put: (event, accountId) =>
      publish([{ event, eventBusName: defaultBus, ...(accountId !== undefined && { accountId }) }]),
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
