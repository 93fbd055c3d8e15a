import { accountOfArn } from '#core/aws-arn.ts';
import { cut } from '#core/clip.ts';
import { wholeSeconds } from '#core/instant.ts';
import type { AwsCall, CompletedCall } from '../service.ts';
import { dataEventParameters, isDataEvent } from './data-events.ts';
import { hidden, recorded } from './recorded.ts';
import { type RecordedResource, resourcesOf } from './resources.ts';
import { type UserIdentity, userIdentityOf } from './user-identity.ts';

type Json = Readonly<Record<string, unknown>>;

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export type CloudTrailRecord = {
  eventVersion: string;
  userIdentity: UserIdentity;
  /** ISO 8601, UTC, whole seconds. */
  eventTime: string;
  eventSource: string;
  eventName: string;
  awsRegion: string;
  sourceIPAddress: string;
  userAgent: string;
  errorCode?: string;
  errorMessage?: string;
  requestParameters: Json | null;
  responseElements: Json | null;
  additionalEventData?: Json;
  requestID: string;
  eventID: string;
  readOnly: boolean;
  resources?: readonly RecordedResource[];
  eventType: 'AwsApiCall';
  managementEvent: boolean;
  recipientAccountId: string;
  sharedEventID?: string;
  eventCategory: 'Management' | 'Data';
};

/** A call that an AWS service makes for somebody, as Lambda when it assumes a function's role, names the service. */
export type RecordableCall = CompletedCall & { invokedBy?: string };

/** Issuing a role session counts as reading, whatever the name suggests; the other token calls do not. */
const readsByName = /^(Get|List|Describe|Lookup|BatchGet|TransactGet|Query$|Scan$|Simulate|Validate|Test|AssumeRole)/;
const writesInSts: ReadonlySet<string> = new Set(['GetFederationToken', 'GetSessionToken']);
const isReadOnly = ({ service, action }: AwsCall): boolean =>
  readsByName.test(action) && !(service === 'sts' && writesInSts.has(action));

/** Read-only ones whose answer is recorded; whether AWS calls further keys read-only it does not say. */
const givesKeys = (call: AwsCall): boolean =>
  isAssumption(call) || (call.service === 'sts' && call.action === 'GetScopedCredentials');

/** IAM lives in us-east-1 alone, wherever it was called from. */
const regionOf = ({ service, region }: AwsCall): string => (service === 'iam' ? 'us-east-1' : region);

/** Services answer `AccessDeniedException` on the wire and are recorded as `AccessDenied`. */
const errorCodeOf = (code: string): string => (code === 'AccessDeniedException' ? 'AccessDenied' : code);

/** `userAgent` and `errorMessage` are cut at 1 KB. */
const longestText = 1_024;
const errorMessageOf = ({ input }: AwsCall, message: string): string => {
  const { taskToken } = input;
  const clean = typeof taskToken === 'string' && taskToken ? message.replaceAll(taskToken, hidden) : message;
  return cut(clean, longestText);
};

/** Above this CloudTrail leaves the whole member out. */
const largestMember = 100 * 1_024;
const orOmitted = (member: Json | null): Json | null => {
  const originalSize = member === null ? 0 : JSON.stringify(member).length;
  return originalSize > largestMember ? { omitted: true, originalSize, reason: 'request size exceeded limit' } : member;
};

const isAssumption = ({ service, action }: AwsCall): boolean => service === 'sts' && action.startsWith('AssumeRole');

const requestParametersOf = (call: RecordableCall): Json | null => {
  if ('error' in call && isAssumption(call) && errorCodeOf(call.error.code) === 'AccessDenied') return null;
  if (isDataEvent(call)) return dataEventParameters(call);
  const parameters = recorded(call.input);
  if (isAssumption(call) && call.caller.kind === 'session') {
    const { tags, transitiveTagKeys } = call.caller.session;
    const incoming = Object.entries(tags).filter(([key]) => transitiveTagKeys.includes(key));
    if (incoming.length > 0) parameters.incomingTransitiveTags = Object.fromEntries(incoming);
  }
  return Object.keys(parameters).length > 0 ? parameters : null;
};

const responseElementsOf = (call: RecordableCall): Json | null => {
  if (!('output' in call) || isDataEvent(call) || (isReadOnly(call) && !givesKeys(call))) return null;
  const elements = recorded(call.output);
  return Object.keys(elements).length > 0 ? elements : null;
};

const targetAccountOf = (call: AwsCall): string | undefined => {
  const { RoleArn: roleArn } = call.input;
  return isAssumption(call) && typeof roleArn === 'string' ? accountOfArn(roleArn) : undefined;
};

/**
 * What CloudTrail would record of an answered call: one record, or two for a role assumed across accounts, of which the
 * first is the caller's. `newId` gives a fresh UUID at each call. A denied assumption is seen in the caller's account
 * alone. Real records of AssumeRole contain the session token; these do not, since no session token may stay anywhere.
 */
export const recordsOf = (call: RecordableCall, newId: () => string): CloudTrailRecord[] => {
  const data = isDataEvent(call);
  const { caller, invokedBy } = call;
  const resources = 'output' in call || data ? resourcesOf(call) : [];
  const target = 'output' in call ? targetAccountOf(call) : undefined;
  const acrossAccounts = target !== undefined && target !== caller.accountId;
  const record: CloudTrailRecord = {
    eventVersion: '1.11',
    userIdentity: invokedBy === undefined ? userIdentityOf(caller) : { type: 'AWSService', invokedBy },
    eventTime: wholeSeconds(call.atMs),
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.action,
    awsRegion: regionOf(call),
    sourceIPAddress: invokedBy ?? call.sourceIp,
    userAgent: cut(invokedBy ?? call.userAgent, longestText),
    ...('error' in call
      ? { errorCode: errorCodeOf(call.error.code), errorMessage: errorMessageOf(call, call.error.message) }
      : {}),
    requestParameters: orOmitted(requestParametersOf(call)),
    responseElements: orOmitted(responseElementsOf(call)),
    ...(call.service === 'sts'
      ? { additionalEventData: { RequestDetails: { endpointType: 'regional', awsServingRegion: call.region } } }
      : {}),
    requestID: call.requestId,
    eventID: newId(),
    readOnly: isReadOnly(call),
    ...(resources.length > 0 ? { resources } : {}),
    eventType: 'AwsApiCall',
    managementEvent: !data,
    recipientAccountId: caller.accountId,
    ...(acrossAccounts || invokedBy !== undefined ? { sharedEventID: newId() } : {}),
    eventCategory: data ? 'Data' : 'Management',
  };
  if (!acrossAccounts) return [record];
  const owners: UserIdentity = { type: 'AWSAccount', principalId: caller.userId, accountId: caller.accountId };
  return [record, { ...record, userIdentity: owners, eventID: newId(), recipientAccountId: target }];
};
