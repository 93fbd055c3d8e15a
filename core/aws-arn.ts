/**
 * ARNs of IAM and STS, which know no region. Those that Daypass writes are of the partition `aws`; what it reads of
 * CloudTrail may be of any.
 */

/**
 * `resource`: `role/deployment`, `user/alice`, `policy/audit`, `root`. The account may be `*` in a policy's pattern.
 */
export const iamArn = (accountId: string, resource: string): string => `arn:aws:iam::${accountId}:${resource}`;

export const userArnOf = (accountId: string, userName: string): string => iamArn(accountId, `user/${userName}`);
export const policyArnOf = (accountId: string, policyName: string): string => iamArn(accountId, `policy/${policyName}`);

/** The account as a principal: everybody in it whom its own policies let. */
export const accountArnOf = (accountId: string): string => iamArn(accountId, 'root');

/** What a whole ARN of IAM looks like whose account and resource look like these. */
export const iamArnPattern = (account: RegExp, resource: RegExp): RegExp =>
  new RegExp(`^${iamArn(account.source, resource.source)}$`);

/** The ARN of a role or a user, as people write it into a policy. */
export const principalArnPattern = iamArnPattern(/\d{12}/, /(?:role|user)\/[\w+=,.@/-]{1,512}/);

export const isUserArn = (arn: string): boolean => arn.includes(':user/');

/** Why an IAM user lends no access, for the policy, the start of a node, and the tools that set one up. */
export const userIsNoBroker =
  'With the keys of an IAM user a session becomes a console session of up to 12 hours, whatever its grant says.';
export const whatIsABroker =
  'Make it a role that the node’s machine has, such as an instance role, or one that it assumes; see docs/single-node.md.';

/** The account of any ARN. */
export const accountOfArn = (arn: string): string | undefined => arn.split(':')[4];
