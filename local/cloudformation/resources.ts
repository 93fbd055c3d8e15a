import * as z from 'zod/mini';
import type { Rule } from '../aws/events/rules.ts';
import type { PolicyDocument, RoleSeed } from '../aws/iam/seed.ts';
import { type Place, refused } from './intrinsics.ts';
import type { Loaded } from './load.ts';

/** What the engines of one account are given. */
export type Deployed = {
  managedPolicies: { accountId: string; policyName: string; document: PolicyDocument }[];
  roles: RoleSeed[];
  rules: Rule[];
  /** Statements of the policies of event buses. */
  busStatements: { eventBusName: string; statement: PolicyDocument }[];
};

const document = z.record(z.string(), z.unknown());
const tagList = z.optional(z.array(z.strictObject({ Key: z.string(), Value: z.string() })));

const managedPolicy = z.strictObject({
  ManagedPolicyName: z.string(),
  Description: z.optional(z.string()),
  PolicyDocument: document,
});

/** `ManagedPolicyArns` is not there: the embedded IAM attaches no managed policies. */
const role = z.strictObject({
  RoleName: z.string(),
  Description: z.optional(z.string()),
  AssumeRolePolicyDocument: document,
  PermissionsBoundary: z.optional(z.string()),
  MaxSessionDuration: z.optional(z.number()),
  Policies: z.optional(z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: document }))),
  Tags: tagList,
});

/** Targets are other buses: functions are joined to their rules by `events/rules`. */
const rule = z.strictObject({
  Name: z.string(),
  Description: z.optional(z.string()),
  EventBusName: z.optional(z.string()),
  State: z.enum(['ENABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', 'DISABLED']),
  EventPattern: document,
  Targets: z.array(
    z.strictObject({
      Id: z.string(),
      Arn: z.string().check(z.regex(/^arn:aws:events:[^:]+:\d{12}:event-bus\//, 'is not the ARN of an event bus')),
      RoleArn: z.string(),
      RetryPolicy: z.strictObject({ MaximumEventAgeInSeconds: z.number(), MaximumRetryAttempts: z.number() }),
      DeadLetterConfig: z.optional(z.strictObject({ Arn: z.string() })),
    }),
  ),
  Tags: tagList,
});

const busPolicy = z.strictObject({ EventBusName: z.string(), StatementId: z.string(), Statement: document });

/** Undeliverable events lie in the bus's own database, so these, and the alarm over them, have nothing to do. */
const passedOver: ReadonlySet<string> = new Set([
  'AWS::CloudWatch::Alarm',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
]);

const read = <T extends z.ZodMiniType>(shape: T, { logicalId, type, properties }: Loaded): z.infer<T> => {
  const result = shape.safeParse(properties);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `${issue.keys.join(', ')} is not known`
      : `${issue.path.join('.')} ${issue.message}`,
  );
  throw refused(`${logicalId}, which is ${type}: ${problems.join('; ')}`);
};

const roleSeed = (loaded: Loaded, accountId: string): RoleSeed => {
  const { RoleName, Description, AssumeRolePolicyDocument, PermissionsBoundary, MaxSessionDuration, Policies, Tags } =
    read(role, loaded);
  return {
    accountId,
    roleName: RoleName,
    trust: AssumeRolePolicyDocument,
    policies: Object.fromEntries(
      (Policies ?? []).map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument]),
    ),
    ...(MaxSessionDuration !== undefined && { maxSessionDurationSec: MaxSessionDuration }),
    ...(PermissionsBoundary !== undefined && { permissionsBoundary: PermissionsBoundary }),
    ...(Description !== undefined && { description: Description }),
    ...(Tags && { tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) }),
  };
};

const busRule = (loaded: Loaded, accountId: string): Rule => {
  const { Name, State, EventPattern, EventBusName, Targets } = read(rule, loaded);
  return {
    accountId,
    name: Name,
    state: State,
    pattern: EventPattern,
    ...(EventBusName !== undefined && { eventBusName: EventBusName }),
    targets: Targets.map(({ Id, Arn, RoleArn, RetryPolicy }) => ({
      id: Id,
      eventBusArn: Arn,
      roleArn: RoleArn,
      retry: {
        maximumEventAgeInSeconds: RetryPolicy.MaximumEventAgeInSeconds,
        maximumRetryAttempts: RetryPolicy.MaximumRetryAttempts,
      },
    })),
  };
};

/** Sorts the resources out for the engines that have them. Throws for a type or a property that none has. */
export const deployedFrom = (resources: readonly Loaded[], { accountId }: Place): Deployed => {
  const deployed: Deployed = { managedPolicies: [], roles: [], rules: [], busStatements: [] };
  for (const loaded of resources) {
    if (passedOver.has(loaded.type)) continue;
    switch (loaded.type) {
      case 'AWS::IAM::ManagedPolicy': {
        const { ManagedPolicyName: policyName, PolicyDocument } = read(managedPolicy, loaded);
        deployed.managedPolicies.push({ accountId, policyName, document: PolicyDocument });
        break;
      }
      case 'AWS::IAM::Role':
        deployed.roles.push(roleSeed(loaded, accountId));
        break;
      case 'AWS::Events::Rule':
        deployed.rules.push(busRule(loaded, accountId));
        break;
      case 'AWS::Events::EventBusPolicy': {
        const { EventBusName: eventBusName, Statement: statement } = read(busPolicy, loaded);
        deployed.busStatements.push({ eventBusName, statement });
        break;
      }
      default:
        throw refused(`${loaded.logicalId} is ${loaded.type}`);
    }
  }
  return deployed;
};
