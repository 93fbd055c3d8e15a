import { toIso, wholeSeconds } from '#core/instant.ts';
import type { AwsCall, Caller, Need } from '../service.ts';
import type { Context } from './match.ts';
import { arnOf, type Principal, type Tags } from './principals.ts';

/** What of a call the condition keys read. */
export type CallFacts = Pick<AwsCall, 'caller' | 'region' | 'sourceIp' | 'userAgent' | 'atMs'>;

type Values = Record<string, string | readonly string[]>;

const principalTags = (tags: Tags): Values =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]));

const sessionKeys = (caller: Extract<Caller, { kind: 'session' }>): Values => ({
  'aws:PrincipalArn': caller.session.roleArn,
  'aws:PrincipalType': 'AssumedRole',
  'aws:TokenIssueTime': wholeSeconds(caller.session.issuedAtMs),
  'aws:MultiFactorAuthPresent': 'false',
  ...principalTags(caller.session.tags),
  ...(caller.session.sourceIdentity === undefined ? {} : { 'aws:SourceIdentity': caller.session.sourceIdentity }),
});

const userKeys = (caller: Extract<Caller, { kind: 'user' }>, user: Principal | undefined): Values => ({
  'aws:PrincipalArn': user ? arnOf(user) : caller.arn,
  'aws:PrincipalType': 'User',
  'aws:username': caller.userName,
  ...principalTags(user?.tags ?? {}),
});

/** The account in an ARN, or the caller's own where the resource names none. */
export const accountOfResource = (resource: string, caller: Caller): string =>
  /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1] ?? caller.accountId;

/**
 * The request context of a call. `principal` is the caller's user as it is now (its tags are read live; a session's
 * were fixed when it was issued).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export const contextOf = (call: CallFacts, need: Need, principal: Principal | undefined): Context => {
  const { caller } = call;
  const values: Values = {
    ...(caller.kind === 'session' ? sessionKeys(caller) : userKeys(caller, principal)),
    'aws:PrincipalAccount': caller.accountId,
    'aws:userid': caller.userId,
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    // To the millisecond, so that an end which a policy names is that end and not up to a second later.
    'aws:CurrentTime': toIso(call.atMs),
    'aws:EpochTime': String(Math.floor(call.atMs / 1000)),
    'aws:SourceIp': call.sourceIp,
    'aws:UserAgent': call.userAgent,
    'aws:RequestedRegion': call.region,
    // The endpoint stands for an HTTPS one; that it listens on the loopback is no reason to refuse its callers.
    'aws:SecureTransport': 'true',
    'aws:ResourceAccount': accountOfResource(need.resource, caller),
    ...need.context,
  };
  return toContext(values);
};

export const toContext = (values: Readonly<Values>): Context =>
  new Map(
    Object.entries(values).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]),
  );
