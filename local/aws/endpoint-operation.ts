import type { RawRequest } from './endpoint-request.ts';
import { AwsError } from './service.ts';
import { isQueryService } from './sigv4/authorization.ts';
import { readJsonBody } from './wire/json.ts';
import { readQuery } from './wire/query.ts';

export type Operation = { action: string; input: Record<string, unknown> };

/** What `X-Amz-Target` starts with, by service; a target of another service is refused. */
const targets: Readonly<Record<string, readonly string[]>> = {
  states: ['AWSStepFunctions'],
  dynamodb: ['DynamoDB_20120810'],
  events: ['AWSEvents'],
  ssm: ['AmazonSSM'],
  cloudtrail: ['CloudTrail_20131101', 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101'],
};

const fromTarget = (service: string, request: RawRequest): Operation => {
  const target = request.header('x-amz-target');
  const dot = target.lastIndexOf('.');
  const prefixes = targets[service];
  const [prefix, action] = [target.slice(0, Math.max(dot, 0)), target.slice(dot + 1)];
  if (dot < 0 || !/^[A-Za-z]+$/.test(action) || (prefixes !== undefined && !prefixes.includes(prefix))) {
    throw new AwsError(
      'UnknownOperationException',
      `The header X-Amz-Target (${target || 'missing'}) names no operation of ${service}.`,
      400,
    );
  }
  return { action, input: readJsonBody(request.body) };
};

const versions: Readonly<Record<string, string>> = { sts: '2011-06-15', iam: '2010-05-08' };

const fromForm = (service: string, request: RawRequest): Operation => {
  const { action, version, input } = readQuery(
    request.method === 'GET' ? request.query : request.body.toString('utf8'),
  );
  if (version !== undefined && version !== versions[service]) throw invalidAction(service, action, version);
  return { action, input };
};

/** What a Query service answers to an action that it does not have. */
export const invalidAction = (service: string, action: string, version = versions[service] ?? ''): AwsError =>
  new AwsError('InvalidAction', `Could not find operation ${action} for version ${version}`, 400);

/** Which operation is asked for, in the protocol of the service. Throws for what cannot be read. */
export const readOperation = (service: string, request: RawRequest): Operation =>
  isQueryService(service) ? fromForm(service, request) : fromTarget(service, request);
