import { roleNamedIn, roleOfSession } from '#core/aws-role.ts';
import { addMs } from '#core/instant.ts';
import { onlyDenies, revokesBefore } from '#core/ledger/document.ts';

import { longestSessionMs } from '#core/ledger/lifetime.ts';

import { sha256 } from '#core/sha256.ts';

import type { AssumedSession, RoleChanged, TrailCaller, TrailEvent, Unparsed } from './trail-event.ts';
import { trailTime } from './trail-time.ts';
import { idText, list, member, present, text } from './untrusted-json.ts';
import { assumptionPrefix, callsThatChange } from './watched-calls.ts';

const roleChanges: ReadonlySet<string> = new Set([...callsThatChange('trust'), ...callsThatChange('permissions')]);
const policyChanges: ReadonlySet<string> = new Set(callsThatChange('policy'));

/** No role session has more tags: docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html */
const mostTags = 50;

const callerOf = (record: unknown): TrailCaller => {
  const identity = member(record, 'userIdentity');
  const context = member(identity, 'sessionContext');
  return {
    type: text(identity, 'type') ?? 'Unknown',
    ...present({
      arn: text(identity, 'arn'),
      accountId: idText(identity, 'accountId'),
      userId: idText(identity, 'principalId'),
      accessKeyId: idText(identity, 'accessKeyId'),
      role: roleNamedIn(text(context, 'sessionIssuer', 'arn')) ?? roleOfSession(text(identity, 'arn')),
      sessionCreatedAt: trailTime(member(context, 'attributes', 'creationDate')),
      sourceIdentity: idText(context, 'sourceIdentity'),
      invokedBy: idText(identity, 'invokedBy'),
    }),
  };
};

type Pairs = readonly (readonly [string | undefined, string | undefined])[];

const tagsFrom = (pairs: Pairs): Readonly<Record<string, string>> =>
  Object.fromEntries(pairs.flatMap(([key, value]) => (key && value ? [[key.toLowerCase(), value]] : [])));

const mapIn = (request: unknown, name: string): Pairs => {
  const map = member(request, name);
  return typeof map === 'object' && map !== null
    ? Object.keys(map)
        .slice(0, mostTags)
        .map((key) => [key, text(map, key)] as const)
    : [];
};

const inheritedTags = 'incomingTransitiveTags';

/** AssumeRole has a list of `{key, value}`; SAML and OIDC, and tags passed on by the session before, come as a map. */
const tagsOf = (request: unknown): Readonly<Record<string, string>> =>
  tagsFrom([
    ...mapIn(request, inheritedTags),
    ...mapIn(request, 'principalTags'),
    ...list(request, 'tags')
      .slice(0, mostTags)
      .map((tag) => [text(tag, 'key'), text(tag, 'value')] as const),
  ]);

const sessionOf = (record: unknown, at: string): AssumedSession | undefined => {
  const answer = member(record, 'responseElements');
  const userId = idText(answer, 'assumedRoleUser', 'assumedRoleId');
  if (userId === undefined) return undefined;
  const asked = member(record, 'requestParameters', 'durationSeconds');
  const lifeMs =
    typeof asked === 'number' && asked > 0 && asked * 1000 < longestSessionMs ? asked * 1000 : longestSessionMs;
  return {
    userId,
    expiresAt: trailTime(member(answer, 'credentials', 'expiration')) ?? addMs(at, lifeMs),
    ...present({ accessKeyId: idText(answer, 'credentials', 'accessKeyId') }),
  };
};

/** A whole policy is longer than the texts that are kept of an event, so it is judged here. */
const judged = (request: unknown): Pick<RoleChanged, 'onlyDenies' | 'revokesBefore'> => {
  const document = member(request, 'policyDocument');
  if (typeof document !== 'string') return {};
  return { onlyDenies: onlyDenies(document), ...present({ revokesBefore: revokesBefore(document) }) };
};

/**
 * A sign-in that failed has no error code, its answer says `Failure`:
 * docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
 * Whatever has an error's message failed, too.
 */
const failureIn = (record: unknown): string | undefined => {
  const answer = member(record, 'responseElements');
  const said = typeof answer === 'object' && answer !== null ? Object.values(answer) : [];
  const isSignIn = text(record, 'eventSource') === 'signin.amazonaws.com';
  return (isSignIn && said.includes('Failure')) || text(record, 'errorMessage') !== undefined ? 'Failure' : undefined;
};

/** The same for calls that ask for the same. */
const digestOf = (request: unknown): string => {
  try {
    return sha256(JSON.stringify(request) ?? '').slice(0, 16);
  } catch {
    // Nested too deep for that, so nobody can say that it is the same as another.
    return 'unknown';
  }
};

/**
 * Reads an EventBridge event that carries a CloudTrail record. Never throws, whatever it is given.
 * A refused call has neither request nor answer, so the role of a refused assumption is read from the error's text.
 */
export const normalise = (event: unknown): TrailEvent | Unparsed => {
  const record = member(event, 'detail');
  const source = idText(record, 'eventSource');
  const name = idText(record, 'eventName');
  const at = trailTime(member(record, 'eventTime'));
  const eventId = idText(record, 'eventID');
  const accountId = idText(record, 'recipientAccountId') ?? idText(event, 'account') ?? 'unknown';
  const errorCode = idText(record, 'errorCode') ?? failureIn(record);
  const changed = source === 'iam.amazonaws.com' && errorCode === undefined ? name : undefined;
  const changesRole = changed !== undefined && roleChanges.has(changed);
  const changesPolicy = changed !== undefined && policyChanges.has(changed);
  const unparsed = (reason: string): Unparsed => ({
    unparsed: reason,
    eventId: eventId ?? idText(event, 'id') ?? 'unknown',
    accountId,
    ...(at !== undefined && { at }),
    ...(changed !== undefined &&
      (changesRole || changesPolicy) && { change: { name: changed, caller: callerOf(record) } }),
  });
  // Nobody but AWS can publish under this prefix, so anything else is made up.
  if (!text(event, 'source')?.startsWith('aws.')) return unparsed('it does not come from AWS');
  if (!eventId || !name || !source) return unparsed('its id, name or source is missing');
  if (!at) return unparsed('its time is missing or written in a way that is not known');

  const facts = {
    eventId,
    at,
    accountId,
    region: idText(record, 'awsRegion') ?? 'unknown',
    name,
    source,
    caller: callerOf(record),
    ...present({
      sharedEventId: idText(record, 'sharedEventID'),
      errorCode,
      sourceIp: idText(record, 'sourceIPAddress'),
      userAgent: text(record, 'userAgent'),
    }),
  };
  const request = member(record, 'requestParameters');
  if (source === 'sts.amazonaws.com' && name.startsWith(assumptionPrefix)) {
    const role =
      roleOfSession(text(record, 'responseElements', 'assumedRoleUser', 'arn')) ??
      roleNamedIn(text(request, 'roleArn')) ??
      roleNamedIn(text(record, 'errorMessage')?.split(' on resource: ')[1]);
    if (!role)
      return errorCode ? { kind: 'other', ...facts } : unparsed('a role was assumed and the event does not say which');
    return {
      kind: 'role-assumed',
      ...facts,
      role,
      tags: tagsOf(request),
      inherited: tagsFrom(mapIn(request, inheritedTags)),
      ...present({
        sessionName: idText(request, 'roleSessionName'),
        sourceIdentity: idText(request, 'sourceIdentity') ?? idText(record, 'responseElements', 'sourceIdentity'),
        session: errorCode ? undefined : sessionOf(record, at),
      }),
    };
  }
  if (changesRole) {
    const made = member(record, 'responseElements', 'role');
    const roleName =
      idText(request, 'roleName') ?? idText(made, 'roleName') ?? roleNamedIn(text(made, 'arn'))?.roleName;
    if (!roleName) return unparsed('a role was changed and the event does not say which');
    return {
      kind: 'role-changed',
      ...facts,
      role: { accountId, roleName },
      asked: digestOf(request),
      ...present({ policyName: idText(request, 'policyName'), policyArn: text(request, 'policyArn') }),
      ...judged(request),
    };
  }
  if (changesPolicy) {
    const policyArn = text(request, 'policyArn');
    if (!policyArn) return unparsed('a policy was changed and the event does not say which');
    const { onlyDenies: denies } = judged(request);
    const inForce = member(request, 'setAsDefault') === true || text(request, 'versionId') !== undefined;
    return {
      kind: 'policy-changed',
      ...facts,
      policyArn,
      inForce,
      asked: digestOf(request),
      ...present({ onlyDenies: denies }),
    };
  }
  return { kind: 'other', ...facts };
};
