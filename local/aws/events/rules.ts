import type { BusEvent } from './bus-event.ts';
import { checkPattern } from './check-pattern.ts';
import { leavesOf } from './flatten.ts';
import { type CompiledPattern, compilePattern, type EventPattern } from './pattern.ts';

type Target = {
  id: string;
  /** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html */
  retry: { maximumRetryAttempts: number; maximumEventAgeInSeconds: number };
};
export type FunctionTarget = Target & { functionName: string };
/** A bus, of another account for example; `roleArn` is the role with which EventBridge puts events there. */
export type BusTarget = Target & { eventBusArn: string; roleArn: string };
export type RuleTarget = FunctionTarget | BusTarget;

export type Rule = {
  /** The account whose bus it listens on. */
  accountId: string;
  name: string;
  pattern: EventPattern;
  state: 'ENABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' | 'DISABLED';
  targets: readonly RuleTarget[];
  /** The bus it listens on; `default`, where AWS's own events arrive, unless it says otherwise. */
  eventBusName?: string;
};

export const defaultBus = 'default';
/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const mostTargets = 5;

/**
 * Plain `ENABLED` does not get them:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
 */
const isReadOnlyManagementEvent = (event: BusEvent): boolean =>
  event['detail-type'].endsWith(' via CloudTrail') &&
  event.detail.readOnly === true &&
  event.detail.managementEvent === true;

const problemsOf = (rule: Rule): string[] => {
  const ids = new Set(rule.targets.map((target) => target.id));
  const outside = (value: number, least: number, most: number): boolean => !(value >= least && value <= most);
  return [
    ...checkPattern(rule.pattern),
    ...(rule.targets.length > mostTargets ? [`has ${rule.targets.length} targets, ${mostTargets} are allowed`] : []),
    ...(ids.size < rule.targets.length ? ['two targets have the same id'] : []),
    ...rule.targets.flatMap(({ id, retry }) => [
      ...(outside(retry.maximumRetryAttempts, 0, 185) ? [`target ${id}: maximumRetryAttempts is from 0 to 185`] : []),
      ...(outside(retry.maximumEventAgeInSeconds, 60, 86_400)
        ? [`target ${id}: maximumEventAgeInSeconds is from 60 to 86,400`]
        : []),
    ]),
  ];
};

export type RuleSet = {
  /** Adds the rule or replaces the one of the same name, bus and account. Throws with every problem it has. */
  put(rule: Rule): void;
  find(accountId: string, name: string, eventBusName: string): Rule | undefined;
  /** Each rule that the event reaches on this bus of this account. */
  reachedBy(event: BusEvent, accountId: string, eventBusName: string): Rule[];
};

export const createRuleSet = (): RuleSet => {
  const rules = new Map<string, { rule: Rule; fits: CompiledPattern }>();
  return {
    put: (rule) => {
      const problems = problemsOf(rule);
      if (problems.length > 0) {
        throw new Error(`The rule "${rule.name}" cannot be put: ${problems.join('; ')}. Correct it in events/rules.`);
      }
      const bus = `${rule.accountId}/${rule.eventBusName ?? defaultBus}`;
      rules.set(`${bus}/${rule.name}`, { rule, fits: compilePattern(rule.pattern) });
    },
    find: (accountId, name, eventBusName) => rules.get(`${accountId}/${eventBusName}/${name}`)?.rule,
    reachedBy: (event, accountId, eventBusName) => {
      const quiet = isReadOnlyManagementEvent(event);
      const listening = [...rules.values()].filter(
        ({ rule }) =>
          rule.accountId === accountId &&
          (rule.eventBusName ?? defaultBus) === eventBusName &&
          rule.state !== 'DISABLED' &&
          !(quiet && rule.state === 'ENABLED'),
      );
      if (listening.length === 0) return [];
      const leaves = leavesOf(event);
      return listening.filter(({ fits }) => fits(leaves)).map(({ rule }) => rule);
    },
  };
};
