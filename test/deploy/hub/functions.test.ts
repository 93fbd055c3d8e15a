import { describe, expect, it } from 'vitest';
import { functions } from '#functions/registry.ts';
import { functionRole } from '#local/world.ts';
import { compiled, ofType, resolved } from './compiled.ts';

/** Of the stage `local`, so that the names of secrets are those of the embedded stack. */
const template = compiled('local');

type Statement = { Effect: string; Action: string | string[]; Resource: string | string[] };
type Role = {
  RoleName: string;
  AssumeRolePolicyDocument: unknown;
  Policies: { PolicyName: string; PolicyDocument: { Statement: Statement[] } }[];
};
const roles = ofType(template, 'AWS::IAM::Role').map(([, properties]) => resolved(template, properties) as Role);
const roleNamed = (name: string): Role => {
  const role = roles.find(({ RoleName }) => RoleName === name);
  if (!role) throw new Error(`The template has no role ${name}.`);
  return role;
};
const policyOf = (role: Role, name: string) =>
  role.Policies.find(({ PolicyName }) => PolicyName === name)?.PolicyDocument;

type DeployedFunction = Readonly<Record<string, unknown>> & {
  FunctionName: string;
  Role: string;
  Environment?: { Variables: Record<string, string> };
};
const deployed = ofType(template, 'AWS::Lambda::Function').map(
  ([, properties]) => resolved(template, properties) as DeployedFunction,
);

describe('functions', () => {
  it('are those of the registry and no others', () => {
    expect(deployed.map(({ FunctionName }) => FunctionName)).toEqual(functions.map(({ name }) => `daypass-${name}`));
  });

  it('set concurrency aside only where the deployment says so: what ends access, and what talks', () => {
    const reserved = ofType(template, 'AWS::Lambda::Function').flatMap(([, properties]) =>
      properties.ReservedConcurrentExecutions === undefined
        ? []
        : [[String(properties.FunctionName), JSON.stringify(properties.ReservedConcurrentExecutions)]],
    );
    const where = (parameter: string): string =>
      `{"Fn::If":["Has${parameter}",{"Ref":"${parameter}"},{"Ref":"AWS::NoValue"}]}`;
    expect(Object.fromEntries(reserved)).toEqual({
      'daypass-slack-events': where('EndingConcurrency'),
      'daypass-open-gate': where('EndingConcurrency'),
      'daypass-start-workflow': where('EndingConcurrency'),
      'daypass-find-locked': where('EndingConcurrency'),
      'daypass-revoke-locked': where('EndingConcurrency'),
      'daypass-revoke-sessions': where('EndingConcurrency'),
      'daypass-revoke-alert': where('EndingConcurrency'),
      'daypass-notify': where('TalkingConcurrency'),
    });
    const { EndingConcurrency, TalkingConcurrency } = template.Parameters;
    expect([EndingConcurrency?.Default, TalkingConcurrency?.Default]).toEqual(['0', '0']);
  });

  it.each(functions)('$name runs as its configuration says, with settings and no secret', (config) => {
    const found = deployed.find(({ FunctionName }) => FunctionName === `daypass-${config.name}`);
    expect(found).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: config.memoryMb,
      Timeout: config.timeoutSec,
      Role: `arn:aws:iam::111111111111:role/daypass-${config.name}`,
    });
    const known: Readonly<Record<string, string>> = {
      DAYPASS_TABLE: 'daypass',
      DAYPASS_BUS: 'daypass',
      DAYPASS_POLICY: '/var/task/access.json',
      DAYPASS_URL: 'https://HttpApi.execute-api.us-east-1.amazonaws.com',
      DAYPASS_ACCESS_REQUEST_ARN: 'arn:aws:states:us-east-1:111111111111:stateMachine:access-request',
      DAYPASS_ALERT_RESPONSE_ARN: 'arn:aws:states:us-east-1:111111111111:stateMachine:alert-response',
      DAYPASS_LOCKDOWN_ARN: 'arn:aws:states:us-east-1:111111111111:stateMachine:lockdown',
      SLACK_BOT_TOKEN_PARAMETER: '/daypass/local/slack/bot-token',
      SLACK_SIGNING_SECRET_PARAMETER: '/daypass/local/slack/signing-secret',
    };
    expect(found?.Environment?.Variables ?? {}).toEqual(
      Object.fromEntries(config.environment.map((name) => [name, known[name]])),
    );
  });

  it.each(functions)('$name is told the name of the bus if it may publish there, and only then', (config) => {
    const mayPublish = config.statements.some(({ actions }) => actions.includes('events:PutEvents'));
    expect(config.environment.includes('DAYPASS_BUS')).toBe(mayPublish);
  });

  it.each(functions)('the role of $name is the one under which the embedded stack runs it', (config) => {
    const role = roleNamed(`daypass-${config.name}`);
    const local = functionRole(config);
    expect(role.AssumeRolePolicyDocument).toEqual(local.trust);
    expect(policyOf(role, 'function')).toEqual(local.policies.function);
  });

  it.each(functions)('$name may write its own log, put its own failed events away, and nothing else', ({ name }) => {
    const role = roleNamed(`daypass-${name}`);
    expect(policyOf(role, 'logs')?.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: `arn:aws:logs:us-east-1:111111111111:log-group:/aws/lambda/daypass-${name}:*`,
      },
    ]);
    expect(role.Policies.map(({ PolicyName }) => PolicyName).filter((each) => each !== 'function')).toEqual(
      failedEventsOf.includes(name) ? ['logs', 'failed-events'] : ['logs'],
    );
  });

  it('that EventBridge invokes keep what they failed on', () => {
    const configs = ofType(template, 'AWS::Lambda::EventInvokeConfig').map(([, properties]) => properties);
    expect(resolved(template, configs)).toEqual(
      failedEventsOf.map((name) => ({
        FunctionName: expect.stringMatching(/LambdaFunction$/),
        Qualifier: '$LATEST',
        MaximumEventAgeInSeconds: 21_600,
        MaximumRetryAttempts: 2,
        DestinationConfig: {
          OnFailure: { Destination: queueArn(`${name}-${byTheClock.includes(name) ? 'failed-events' : 'retries'}`) },
        },
      })),
    );
  });
});

const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:111111111111:daypass-${name}`;
/** What runs by the clock does the same work at its next time. */
const byTheClock = ['sweep', 'check-people'];
const failedEventsOf = [
  'start-workflow',
  'open-gate',
  'sweep',
  'check-people',
  'settle-execution',
  'follow-chain',
  'restore-deny',
  'notify',
  'detect',
];

describe('events that a function failed on', () => {
  const again = failedEventsOf.filter((name) => !byTheClock.includes(name));

  it('come to it again every five minutes for a day, one at a time, and are then kept', () => {
    const queues = new Map(ofType(template, 'AWS::SQS::Queue').map(([, each]) => [each.QueueName, each]));
    for (const name of again) {
      expect(resolved(template, queues.get(`daypass-${name}-retries`))).toMatchObject({
        VisibilityTimeout: 300,
        RedrivePolicy: { deadLetterTargetArn: queueArn(`${name}-failed-events`), maxReceiveCount: 288 },
      });
    }
    const sources = ofType(template, 'AWS::Lambda::EventSourceMapping').map(([, properties]) => properties);
    expect(resolved(template, sources)).toEqual(
      again.map((name) => ({
        FunctionName: expect.stringMatching(/LambdaFunction$/),
        EventSourceArn: queueArn(`${name}-retries`),
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: 2 },
        Tags: expect.any(Array),
      })),
    );
  });

  it.each(failedEventsOf)('%s may touch its own queue alone', (name) => {
    const statements = policyOf(roleNamed(`daypass-${name}`), 'failed-events')?.Statement;
    const first = queueArn(`${name}-${byTheClock.includes(name) ? 'failed-events' : 'retries'}`);
    expect(statements).toEqual([
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: first },
      ...(byTheClock.includes(name)
        ? []
        : [
            {
              Effect: 'Allow',
              Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
              Resource: first,
            },
          ]),
    ]);
  });
});

describe('roles', () => {
  it('are each of one function or machine', () => {
    const users = [
      ...ofType(template, 'AWS::Lambda::Function'),
      ...ofType(template, 'AWS::StepFunctions::StateMachine'),
    ];
    const used = users.map(([, { Role, RoleArn }]) => resolved(template, Role ?? RoleArn));
    expect(new Set(used).size).toBe(users.length);
    expect(used.sort()).toEqual(roles.map(({ RoleName }) => `arn:aws:iam::111111111111:role/${RoleName}`).sort());
  });

  it('name every action, and every resource but those that have none', () => {
    const statements = roles.flatMap(({ RoleName, Policies }) =>
      Policies.flatMap(({ PolicyName, PolicyDocument }) =>
        PolicyDocument.Statement.map(({ Action, Resource }) => ({
          where: `${RoleName}/${PolicyName}`,
          actions: [Action].flat(),
          resources: [Resource].flat(),
        })),
      ),
    );
    expect(statements.filter(({ actions }) => actions.some((action) => action.includes('*')))).toEqual([]);
    const everywhere = statements.filter(({ resources }) => resources.includes('*')).map(({ where }) => where);
    const fromConfigs = functions
      .filter(({ statements: own }) => own.some(({ resources }) => resources.includes('*')))
      .map(({ name }) => `daypass-${name}/function`);
    expect(everywhere).toEqual([
      ...fromConfigs,
      'daypass-machine-access-request/logs',
      'daypass-machine-alert-response/logs',
      'daypass-machine-lockdown/logs',
    ]);
  });
});

describe('machines', () => {
  const machines = ofType(template, 'AWS::StepFunctions::StateMachine').map(([, properties]) => properties);

  it('log what failed and never what it was about', () => {
    expect(machines.map(({ StateMachineName }) => StateMachineName)).toEqual([
      'access-request',
      'alert-response',
      'lockdown',
    ]);
    for (const machine of machines) {
      const { LoggingConfiguration } = resolved(template, machine) as { LoggingConfiguration: unknown };
      const group = `/aws/vendedlogs/states/daypass-${String(machine.StateMachineName)}`;
      expect(LoggingConfiguration).toEqual({
        Level: 'ERROR',
        IncludeExecutionData: false,
        Destinations: [
          { CloudWatchLogsLogGroup: { LogGroupArn: `arn:aws:logs:us-east-1:111111111111:log-group:${group}:*` } },
        ],
      });
    }
  });

  it('may invoke the functions of their tasks and no others', () => {
    const invoked = (machine: string) =>
      policyOf(roleNamed(`daypass-machine-${machine}`), 'tasks')?.Statement.map(({ Action, Resource }) => [
        Action,
        [Resource].flat().map((arn) => arn.replace('arn:aws:lambda:us-east-1:111111111111:function:daypass-', '')),
      ]);
    expect(invoked('access-request')).toEqual([
      [
        'lambda:InvokeFunction',
        ['hold-gate', 'lapse-request', 'activate-grant', 'revoke-sessions', 'report-revocation-failure'],
      ],
    ]);
    expect(invoked('alert-response')).toEqual([
      ['lambda:InvokeFunction', ['hold-gate', 'expire-alert', 'revoke-alert', 'close-alert', 'report-alert-failure']],
    ]);
    expect(invoked('lockdown')).toEqual([
      ['lambda:InvokeFunction', ['find-locked', 'revoke-locked', 'report-locked-failure', 'finish-lockdown']],
    ]);
  });
});
