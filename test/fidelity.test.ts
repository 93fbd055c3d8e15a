import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import * as cloudTrail from '@aws-sdk/client-cloudtrail';
import * as dynamoDb from '@aws-sdk/client-dynamodb';
import * as eventBridge from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as stepFunctions from '@aws-sdk/client-sfn';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { createCloudTrail } from '#local/aws/cloudtrail/trail.ts';
import { createDynamoDb } from '#local/aws/dynamodb/dynamodb.ts';
import { createEventBus } from '#local/aws/events/bus.ts';
import { isMatcherName } from '#local/aws/events/matchers.ts';
import { operators } from '#local/aws/iam/condition-operators.ts';
import { createIdentity } from '#local/aws/iam/identity.ts';
import { keyRing } from '#local/aws/iam/keys.ts';
import { type AwsCall, AwsError, type AwsService } from '#local/aws/service.ts';
import { ssmService } from '#local/aws/ssm/service.ts';
import { turnableClock } from '#local/clock.ts';
import { check } from '#local/states/check.ts';
import { createStates } from '#local/states/states.ts';
import { methods } from '#local/workspace/api/web-api.ts';

const document = readFileSync(new URL('../docs/fidelity.md', import.meta.url), 'utf8');

/** The rows of the table under a heading: first cell → the names in backticks of the second. */
const tableUnder = (heading: string): ReadonlyMap<string, readonly string[]> => {
  const section = document.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.matchAll(/^\| ([^|]+?) \| (`[^|]+) \|$/gm);
  return new Map(
    [...rows].map(([, name = '', cell = '']) => [name, [...cell.matchAll(/`([^`]+)`/g)].map(([, one = '']) => one)]),
  );
};
const sorted = (names: Iterable<string>): string[] => [...names].sort();

const clock = turnableClock();
const db = () => new DatabaseSync(':memory:');
const identity = createIdentity({ db: db(), clock, keys: keyRing(new Uint8Array(32)) });

/** Each engine beside the official client, which knows every action that the real service has. */
const services: Readonly<Record<string, { service: AwsService; client: object }>> = {
  IAM: { service: identity.iam, client: iam },
  STS: { service: identity.sts, client: sts },
  // Without accounts no engine is ever started: every action that is known ends in "no such account".
  DynamoDB: { service: createDynamoDb({ accounts: [], ephemeral: true }).service, client: dynamoDb },
  'Step Functions': {
    service: createStates({
      db: db(),
      clock,
      region: 'us-east-1',
      invoke: async () => undefined,
      publish: async () => undefined,
    }).service,
    client: stepFunctions,
  },
  EventBridge: {
    service: createEventBus({ db: db(), clock, deliverTo: async () => undefined }).service,
    client: eventBridge,
  },
  SSM: { service: ssmService('111111111111', () => undefined), client: ssm },
  CloudTrail: { service: createCloudTrail({ db: db(), clock, deliver: () => undefined }).service, client: cloudTrail },
};

const actionsOf = (client: object): string[] =>
  Object.keys(client).flatMap((name) => (/^[A-Z]\w+Command$/.test(name) ? [name.slice(0, -'Command'.length)] : []));

const callOf = (action: string): AwsCall => ({
  service: 'any',
  region: 'us-east-1',
  action,
  input: {},
  caller: {
    kind: 'user',
    accountId: '111111111111',
    arn: 'arn:aws:iam::111111111111:user/hub-admin',
    userId: 'AIDAHUBADMIN',
    userName: 'hub-admin',
    accessKeyId: 'AKIAHUBADMIN',
  },
  sourceIp: '127.0.0.1',
  userAgent: 'test',
  requestId: 'test',
  atMs: clock.nowMs(),
});

const unknownAction = ['InvalidAction', 'UnknownOperationException', 'UnsupportedOperationException'];

/** Any other refusal comes from an action that looked at its (empty) input. */
const isServed = async (service: AwsService, action: string): Promise<boolean> => {
  try {
    await service.handle(callOf(action));
    return true;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return !unknownAction.includes(error.code);
  }
};

describe('docs/fidelity.md', () => {
  it.each(Object.entries(services))(
    'names the actions of %s that are served, and no others',
    async (name, { service, client }) => {
      const served: string[] = [];
      for (const action of actionsOf(client)) if (await isServed(service, action)) served.push(action);
      expect(sorted(tableUnder('Every action').get(name) ?? [])).toEqual(sorted(served));
    },
  );

  it('names the methods of Slack that the workspace answers, and no others', () => {
    expect(sorted(tableUnder('Every action').get('Slack') ?? [])).toEqual(sorted(Object.keys(methods)));
  });

  it('has a row for every service and no more', () => {
    expect(sorted(tableUnder('Every action').keys())).toEqual(sorted([...Object.keys(services), 'Slack']));
  });

  it('names the matchers of event patterns', () => {
    // The ones of EventBridge's documentation, and one that it does not have.
    const all = [
      'prefix',
      'suffix',
      'equals-ignore-case',
      'wildcard',
      'anything-but',
      'numeric',
      'cidr',
      'exists',
      'regex',
    ];
    expect(sorted(tableUnder('Every matcher and operator').get('event patterns') ?? [])).toEqual(
      sorted(all.filter(isMatcherName)),
    );
  });

  it('names the operators of IAM conditions', () => {
    expect(sorted(tableUnder('Every matcher and operator').get('IAM conditions') ?? [])).toEqual(
      sorted([...operators.keys(), 'Null']),
    );
  });
});

/**
 * Every field of a state in the Amazon States Language, JSONPath's among them: https://states-language.net/spec.html
 */
const everyField =
  'InputPath OutputPath ResultPath Parameters ResultSelector Result ItemsPath SecondsPath TimestampPath TimeoutSecondsPath HeartbeatSecondsPath ErrorPath CausePath MaxConcurrencyPath Assign Output Next End Retry Catch Resource Arguments TimeoutSeconds HeartbeatSeconds Credentials Choices Default Seconds Timestamp Error Cause Branches ItemProcessor Iterator Items ItemSelector ItemReader ItemBatcher ResultWriter MaxConcurrency ToleratedFailureCount ToleratedFailurePercentage Label'.split(
    ' ',
  );

const states = ['Task', 'Choice', 'Wait', 'Pass', 'Succeed', 'Fail', 'Parallel', 'Map'];

const isAccepted = (Type: string, field: string): boolean => {
  const here = `Machine.States.One.${field} `;
  const problems = check({ QueryLanguage: 'JSONata', StartAt: 'One', States: { One: { Type, [field]: null } } });
  const refusals = [`${here}is not implemented by the embedded`, `${here}belongs to JSONPath`];
  return !problems.some((problem) => refusals.some((refusal) => problem.startsWith(refusal)));
};

describe('docs/fidelity.md, on state machines', () => {
  it.each(states)('names the fields of a %s state that the interpreter takes, and no others', (type) => {
    const accepted = everyField.filter((field) => isAccepted(type, field));
    expect(sorted(tableUnder('Every state and its fields').get(type) ?? [])).toEqual(sorted(accepted));
  });

  it('has a row for every state type and no more', () => {
    expect(sorted(tableUnder('Every state and its fields').keys())).toEqual(sorted(states));
  });

  it.each(['arn:aws:states:::lambda:invoke', 'arn:aws:states:::lambda:invoke.waitForTaskToken'])(
    'names %s',
    (Resource) => {
      const problems = check({ QueryLanguage: 'JSONata', StartAt: 'One', States: { One: { Type: 'Task', Resource } } });
      expect(problems.filter((problem) => problem.includes('.Resource'))).toEqual([]);
      expect(document).toContain(`\`${Resource}\``);
    },
  );
});
