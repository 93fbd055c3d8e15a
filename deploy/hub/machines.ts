import { functions } from '#functions/registry.ts';
import { stateMachines } from '#statemachines/registry.ts';
import { substitute } from '#statemachines/substitute.ts';
import { logGroup } from './log-group.ts';
import { functionLogicalId, machineLogGroupName, machineRoleName, pascal } from './names.ts';
import { arnOf, type Resource, type Resources, sub } from './resource.ts';

const version = '2012-10-17';

const functionArns = Object.fromEntries(functions.map(({ name }) => [name, `\${${functionLogicalId(name)}.Arn}`]));

/** The functions that a definition names by `${…}`, each once. */
const invokedBy = (definition: object): string[] => [
  ...new Set([...JSON.stringify(definition).matchAll(/\$\{([a-z][a-z0-9-]*)\}/g)].map(([, name]) => name ?? '')),
];

const roleOf = (name: string, definition: object): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: machineRoleName(name),
    Description: `Of the state machine ${name} and nothing else.`,
    AssumeRolePolicyDocument: {
      Version: version,
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'states.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            ArnLike: {
              'aws:SourceArn': sub(
                `arn:\${AWS::Partition}:states:\${AWS::Region}:\${AWS::AccountId}:stateMachine:${name}`,
              ),
            },
          },
        },
      ],
    },
    Policies: [
      {
        PolicyName: 'tasks',
        PolicyDocument: {
          Version: version,
          Statement: [
            {
              Effect: 'Allow',
              Action: 'lambda:InvokeFunction',
              Resource: invokedBy(definition).map((task) => arnOf(functionLogicalId(task))),
            },
          ],
        },
      },
      {
        PolicyName: 'logs',
        PolicyDocument: {
          Version: version,
          Statement: [
            {
              Effect: 'Allow',
              Action: [
                'logs:CreateLogDelivery',
                'logs:GetLogDelivery',
                'logs:UpdateLogDelivery',
                'logs:DeleteLogDelivery',
                'logs:ListLogDeliveries',
                'logs:PutResourcePolicy',
                'logs:DescribeResourcePolicies',
                'logs:DescribeLogGroups',
              ],
              // CloudWatch Logs has no resources for these: docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
              Resource: '*',
            },
          ],
        },
      },
    ],
  },
});

/**
 * The state machines, each with its own role and log group. Logs say which step failed and never what it was about: an
 * input holds ids, but an error's cause may hold anything. Tracing is off: it costs per step, and the audit trail tells
 * the story.
 */
export const machineResources = (): Resources =>
  Object.fromEntries(
    Object.entries(stateMachines).flatMap(([name, definition]): [string, Resource][] => {
      const id = pascal(name);
      return [
        [
          `${id}Machine`,
          {
            Type: 'AWS::StepFunctions::StateMachine',
            Properties: {
              StateMachineName: name,
              StateMachineType: 'STANDARD',
              RoleArn: arnOf(`${id}MachineRole`),
              DefinitionString: sub(JSON.stringify(substitute(definition, functionArns))),
              LoggingConfiguration: {
                Level: 'ERROR',
                IncludeExecutionData: false,
                Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: arnOf(`${id}MachineLogGroup`) } }],
              },
              TracingConfiguration: { Enabled: false },
            },
          },
        ],
        [`${id}MachineRole`, roleOf(name, definition)],
        [`${id}MachineLogGroup`, logGroup(machineLogGroupName(name))],
      ];
    }),
  );
