import { functionName } from '#deploy/hub/names.ts';
import { forwardRules, hubBusArn } from '#deploy/onboarding/forwarding.ts';
import type { AccountPlan, OnboardingPlan } from '#deploy/onboarding/plan.ts';
import { rules } from '#events/rules/registry.ts';
import type { Clients } from './access.ts';
import { judgeHubBus } from './checks/hub-bus.ts';
import { onboardAgain } from './checks/role-trust.ts';
import { judgeRule, type WantedRule } from './checks/rule.ts';
import { defaultBusPolicy, ruleFacts } from './facts/rules.ts';
import { aspectsOf, type Check } from './report.ts';

/** Who can tell of an account's rules in one region. */
export type Events = Pick<Clients, 'events'>;

const ruleChecks = (title: string, wanted: readonly WantedRule[], { events }: Events): Check[] =>
  wanted.map((rule) => {
    const aspect = rule.name.replace(/^daypass-/, '');
    return {
      area: 'rules',
      title: `${title} ${aspect}`,
      look: async (signal) =>
        aspectsOf('rules', title, { [aspect]: judgeRule(rule, await ruleFacts(events, rule, signal)) }),
    };
  });

const hubRules: readonly WantedRule[] = rules.map(({ name, bus, state, pattern, target, retry }) => ({
  name,
  bus,
  state,
  pattern,
  target: `:function:${functionName(target)}`,
  retry,
  redo: 'Deploy Daypass in the hub again.',
}));

/** The rules of `events/rules`, as they were deployed in the hub. */
export const hubRuleChecks = (hubName: string, events: Events): Check[] => ruleChecks(hubName, hubRules, events);

/** Whether the hub takes the events of these target accounts. */
export const hubBusCheck = (hubName: string, { events }: Events, accountIds: readonly string[]): Check => ({
  area: 'rules',
  title: `${hubName} default bus`,
  look: async (signal) =>
    aspectsOf('rules', hubName, { 'default bus': judgeHubBus(await defaultBusPolicy(events, signal), accountIds) }),
});

/**
 * The rules that send an account's events on to the hub. `title` names the account, and the region if there are
 * several.
 */
export const forwardRuleChecks = (
  title: string,
  account: AccountPlan,
  hub: OnboardingPlan['hub'],
  events: Events,
): Check[] =>
  ruleChecks(
    title,
    forwardRules.map(({ name, state, pattern, retry }) => ({
      name,
      bus: 'default',
      state,
      pattern: { account: [account.accountId], ...pattern },
      target: hubBusArn(hub),
      retry,
      redo: onboardAgain(account.name),
    })),
    events,
  );
