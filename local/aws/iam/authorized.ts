import { channel } from 'node:diagnostics_channel';
import type { Caller, Need } from '../service.ts';
import type { Condition } from './condition.ts';
import { type Ask, evaluate, type PolicySets } from './evaluate.ts';
import { textOf } from './match.ts';
import type { Statement } from './policy.ts';

/** One permission of a policy, as the policy spells it. */
export type Permission = {
  action: string;
  resource: string;
  /** A value of the statement's condition on `dynamodb:LeadingKeys`; absent where it has none. */
  leadingKey?: string;
};

/** What the identity policies of a role said to one need of one call, conditions included. */
export type Asked = {
  roleArn: string;
  action: string;
  resource: string;
  /** The partition keys that it is about, where it is about items of a table. */
  leadingKeys?: readonly string[];
  /** Each of these is enough to allow it. Empty: the role's own policies do not allow it. */
  allowedBy: readonly Permission[];
};

/** Where the local IAM says what it was asked about a role, in this process. The product does not listen; tests do. */
export const askedChannel = channel('daypass:iam:asked');

const leadingKeys = 'dynamodb:leadingkeys';

/** The statement's condition on the leading key, once per value. */
const byLeadingKey = (
  conditions: readonly Condition[],
): { leadingKey?: string; conditions: readonly Condition[] }[] => {
  const named = conditions.find((condition) => condition.kind === 'compare' && condition.key === leadingKeys);
  if (named?.kind !== 'compare') return [{ conditions }];
  const others = conditions.filter((condition) => condition !== named);
  return named.values.map((value) => ({
    leadingKey: textOf(value),
    conditions: [...others, { ...named, values: [value] }],
  }));
};

/** The same as the statement, in pieces that say one thing each. */
const singles = (statement: Statement): { permission: Permission; statement: Statement }[] =>
  byLeadingKey(statement.conditions).flatMap(({ leadingKey, conditions }) =>
    statement.actions.flatMap((action) =>
      statement.resources.map((resource) => ({
        permission: { action, resource: textOf(resource), ...(leadingKey !== undefined && { leadingKey }) },
        statement: { ...statement, actions: [action], resources: [resource], conditions },
      })),
    ),
  );

/**
 * Every permission in these policies that by itself allows it. A statement with `NotAction` or `NotResource` is none.
 */
export const permissionsFor = (policies: PolicySets['identity'], ask: Ask): Permission[] =>
  policies
    .flatMap(({ statements }) => statements)
    .filter(({ notAction, notResource }) => !notAction && !notResource)
    .flatMap(singles)
    .filter(({ statement }) => evaluate([{ statements: [statement] }], ask) === 'allow')
    .map(({ permission }) => permission);

/** Says on the channel what a role's session asked for. Free where nobody listens. */
export const tellAsked = (caller: Caller, { action, resource }: Need, { identity }: PolicySets, ask: Ask): void => {
  if (!askedChannel.hasSubscribers || caller.kind !== 'session') return;
  const keys = ask.context.get(leadingKeys);
  askedChannel.publish({
    roleArn: caller.session.roleArn,
    action,
    resource,
    ...(keys && { leadingKeys: keys }),
    allowedBy: permissionsFor(identity, ask),
  } satisfies Asked);
};
