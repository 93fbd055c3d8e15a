import { accountOfArn, iamArn, iamArnPattern } from './aws-arn.ts';

/** Roles: how they are named, and how their ARNs and those of their sessions are built and taken apart. */
export type RoleRef = { accountId: string; roleName: string };

/** Roles that are lent. They have this prefix and no path: the alarm rules and the revoker's permissions go by it. */
export const managedPrefix = 'daypass-jit-';

/** The role in every target account that may change the inline policies of managed roles, and nothing else. */
export const revokerRoleName = 'daypass-revoker';

/** The role in every target account that may do nothing: taking it shows whether CloudTrail's events reach the hub. */
export const canaryRoleName = 'daypass-canary';

/** A function's role is named after it, so that a target account can trust one function of the hub and no other. */
export const functionRoleName = (functionName: string): string => `daypass-${functionName}`;

/** Whether a role is one of Daypass's own machinery, and none that it lends. */
export const isOwnRoleName = (roleName: string): boolean => {
  // IAM does not tell names apart by case.
  const name = roleName.toLowerCase();
  return name.startsWith('daypass-') && !name.startsWith(managedPrefix);
};

/** IAM does not tell names apart by case. */
export const sameRole = (one: RoleRef, other: RoleRef): boolean =>
  one.accountId === other.accountId && one.roleName.toLowerCase() === other.roleName.toLowerCase();

/** Of a role without a path. */
export const roleArnOf = ({ accountId, roleName }: RoleRef): string => iamArn(accountId, `role/${roleName}`);

/**
 * The role of an ARN: the other way round, and without the path that it may have. Of what is no role's ARN, something.
 */
export const roleOf = (roleArn: string): RoleRef => ({
  accountId: accountOfArn(roleArn) ?? 'unknown',
  roleName: roleArn.split('/').at(-1) ?? roleArn,
});

const wholeArn = iamArnPattern(/(\d{12})/, /role\/(?:.*\/)?([^/]+)/);

/** The same for what may be anything: undefined unless it is the ARN of a role. */
export const parseRoleArn = (arn: string): RoleRef | undefined => roleIn(arn, wholeArn);

const managedArn = iamArnPattern(/\d{12}/, new RegExp(`role/${managedPrefix}[^/]+`));

/** Daypass can write to roles of this name only. */
export const isManagedRoleArn = (arn: string): boolean => managedArn.test(arn);

/**
 * All managed roles of all accounts, or all roles of this name, as a policy's `Resource` and a rule's wildcard say it.
 */
export const managedRolesEverywhere = roleArnOf({ accountId: '*', roleName: `${managedPrefix}*` });
export const roleEverywhere = (roleName: string): string => roleArnOf({ accountId: '*', roleName });

/** What STS calls a session. The path of a role is in none of the ARNs of its sessions. */
export const assumedRoleArnOf = ({ accountId, roleName }: RoleRef, sessionName: string): string =>
  `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;

/** What such a whole ARN looks like. */
export const sessionArnPattern = new RegExp(
  `^${assumedRoleArnOf({ accountId: '\\d{12}', roleName: '[\\w+=,.@-]+' }, '[\\w+=,.@-]+')}$`,
);

const anyRoleArn = /arn:aws[\w-]*:iam::(\d{12}):role\/(?:[\w+=,.@/-]*\/)?([\w+=,.@-]{1,64})/;
const anySessionArn = /^arn:aws[\w-]*:sts::(\d{12}):assumed-role\/([\w+=,.@-]{1,64})\//;

/** The first role that a text of AWS names by its ARN, in whatever partition. */
export const roleNamedIn = (text: string | undefined): RoleRef | undefined => roleIn(text, anyRoleArn);

/** The role of a session's ARN, in whatever partition. */
export const roleOfSession = (arn: string | undefined): RoleRef | undefined => roleIn(arn, anySessionArn);

const roleIn = (text: string | undefined, pattern: RegExp): RoleRef | undefined => {
  const [, accountId, roleName] = pattern.exec(text ?? '') ?? [];
  return accountId && roleName ? { accountId, roleName } : undefined;
};
