import { functionRoleName } from '#core/aws-role.ts';
import { functionPolicy, functionTrust } from '#deploy/function-role.ts';
import type { FunctionConfig } from '#functions/config.ts';
import { functions } from '#functions/registry.ts';
import { arns } from './arns.ts';
import { environmentOf } from './environment.ts';
import { failedEventsStatements, isInvokedByEvents } from './failed-events.ts';
import { logGroup } from './log-group.ts';
import { functionLogGroupName, functionName, pascal } from './names.ts';
import { reservedFor } from './parameters.ts';
import { arnOf, type Resource, type Resources, sub, withSubs } from './resource.ts';

const version = '2012-10-17';

/**
 * The functions as osls takes them; it adds where the code lies. `artifacts` is the folder of the zips, `stage` may be
 * a variable of osls. None has reserved concurrency unless the deployment says so: it is taken from the account's other
 * functions, a new account has ten in all, and what must not run twice at once holds a lease.
 */
export const functionDefinitions = (stage: string, artifacts: string): Readonly<Record<string, object>> =>
  Object.fromEntries(
    functions.map((config) => [
      pascal(config.name),
      {
        name: functionName(config.name),
        description: config.description,
        handler: 'index.handler',
        memorySize: config.memoryMb,
        timeout: config.timeoutSec,
        ...(config.concurrency && { reservedConcurrency: reservedFor(config.concurrency) }),
        environment: environmentOf(config, stage),
        // For a GetAtt osls would add a DependsOn that says the same again.
        role: sub(`\${${pascal(config.name)}Role.Arn}`),
        // Ours, below: osls would tag none of it.
        disableLogs: true,
        dependsOn: [`${pascal(config.name)}LogGroup`],
        package: { artifact: `${artifacts}/${config.name}.zip` },
      },
    ]),
  );

/** How many functions a deployment sets `EndingConcurrency` aside for. */
export const endingFunctions = functions.filter(({ concurrency }) => concurrency === 'ending').length;

/** What Lambda itself does in the function's name, apart from what its configuration says. */
const runtimePolicies = ({ name }: FunctionConfig) => [
  {
    PolicyName: 'logs',
    PolicyDocument: {
      Version: version,
      Statement: [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: arnOf(`${pascal(name)}LogGroup`),
        },
      ],
    },
  },
  ...(isInvokedByEvents(name)
    ? [
        {
          PolicyName: 'failed-events',
          PolicyDocument: { Version: version, Statement: failedEventsStatements(name) },
        },
      ]
    : []),
];

const roleOf = (config: FunctionConfig, stage: string): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: functionRoleName(config.name),
    Description: `Of the Lambda function ${functionName(config.name)} and nothing else.`,
    AssumeRolePolicyDocument: functionTrust,
    Policies: [
      ...(config.statements.length > 0
        ? [{ PolicyName: 'function', PolicyDocument: withSubs(functionPolicy(config, arns(stage))) }]
        : []),
      ...runtimePolicies(config),
    ],
  },
});

/** Each function's own role and log group. */
export const functionResources = (stage: string): Resources =>
  Object.fromEntries(
    functions.flatMap((config) => [
      [`${pascal(config.name)}Role`, roleOf(config, stage)],
      [`${pascal(config.name)}LogGroup`, logGroup(functionLogGroupName(config.name))],
    ]),
  );
