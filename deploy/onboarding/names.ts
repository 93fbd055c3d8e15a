/**
 * What onboarding creates in a target account. The names are fixed: the hub's functions, rules and alarms know them.
 */
export const forwardRoleName = 'daypass-forward';
export const forwardRulePrefix = 'daypass-forward-';
export const deadLetterQueueName = 'daypass-forward-dead-letters';
/** Where the alarm over that queue goes; whoever is to be woken subscribes. */
export const forwardTopicName = 'daypass-forward-alarms';

/** The inline policy with what a managed role may do. Beside it Daypass writes `AWSRevokeOlderSessions`. */
export const permissionsPolicyName = 'permissions';

/**
 * On everything that can have tags. A role's tags are on its sessions too, so the key is one that nobody's policies
 * read.
 */
export const tags = { 'daypass:part': 'onboarding' } as const;

export const policyVersion = '2012-10-17';

/** A policy document; members may be references that a form understands. */
export type Document = { Version: typeof policyVersion; Statement: readonly Statement[] };
export type Statement = Readonly<Record<string, unknown>>;
