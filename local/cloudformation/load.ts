import { policyArnOf } from '#core/aws-arn.ts';
import { roleArnOf } from '#core/aws-role.ts';
import { evaluateCondition, isObject, type Place, refused, resolve, type Scope } from './intrinsics.ts';

/** A resource that is there in this account and region, with nothing left to work out. */
export type Loaded = { logicalId: string; type: string; properties: Readonly<Record<string, unknown>> };

type Json = Readonly<Record<string, unknown>>;

const sections: ReadonlySet<string> = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Mappings',
  'Conditions',
  'Resources',
]);
const attributes: ReadonlySet<string> = new Set(['Type', 'Properties', 'Condition', 'DependsOn']);

const section = (template: Json, name: string): Json => {
  const value = template[name] ?? {};
  if (!isObject(value)) throw refused(`${name} is no object`);
  return value;
};

const refuseOthers = (value: Json, known: ReadonlySet<string>, where: string): void => {
  for (const key of Object.keys(value)) if (!known.has(key)) throw refused(`${where} has ${key}`);
};

/** What `Ref` and `Fn::GetAtt` give, by type and attribute; the name is the property that carries it. */
const references: Readonly<Record<string, { name: string; text(name: string, place: Place): string }>> = {
  'AWS::IAM::ManagedPolicy.': {
    name: 'ManagedPolicyName',
    text: (name, { accountId }) => policyArnOf(accountId, name),
  },
  'AWS::IAM::Role.': { name: 'RoleName', text: (name) => name },
  'AWS::IAM::Role.Arn': { name: 'RoleName', text: (name, { accountId }) => roleArnOf({ accountId, roleName: name }) },
  'AWS::SNS::Topic.': {
    name: 'TopicName',
    text: (name, { accountId, region }) => `arn:aws:sns:${region}:${accountId}:${name}`,
  },
  'AWS::SQS::Queue.': {
    name: 'QueueName',
    text: (name, { accountId, region }) => `https://sqs.${region}.amazonaws.com/${accountId}/${name}`,
  },
  'AWS::SQS::Queue.Arn': {
    name: 'QueueName',
    text: (name, { accountId, region }) => `arn:aws:sqs:${region}:${accountId}:${name}`,
  },
};

const scopeOf = (template: Json, place: Place): Scope => {
  const conditions = section(template, 'Conditions');
  const resources = section(template, 'Resources');
  const scope: Scope = {
    place,
    mappings: section(template, 'Mappings'),
    holds: (condition) => {
      if (!Object.hasOwn(conditions, condition)) throw refused(`there is no condition ${condition}`);
      return evaluateCondition(conditions[condition], scope);
    },
    attribute: (logicalId, attribute) => {
      const resource = Object.hasOwn(resources, logicalId) ? resources[logicalId] : undefined;
      if (!isObject(resource) || !isObject(resource.Properties)) throw refused(`there is no resource ${logicalId}`);
      if (!exists(resource, scope)) throw refused(`${logicalId} is named where its condition does not hold`);
      const reference = references[`${String(resource.Type)}.${attribute}`];
      const name = reference && resource.Properties[reference.name];
      if (!reference || typeof name !== 'string') {
        throw refused(`${attribute || 'Ref'} of ${logicalId}, which is ${String(resource.Type)}, is not known`);
      }
      return reference.text(name, place);
    },
  };
  return scope;
};

const exists = ({ Condition: condition }: Json, scope: Scope): boolean =>
  condition === undefined || (typeof condition === 'string' && scope.holds(condition));

/**
 * The resources of a template as CloudFormation would make them in this account and region. Throws an Error that names
 * what it does not know: something that is passed over here would be missed in AWS.
 */
export const loadTemplate = (template: Json, place: Place): Loaded[] => {
  refuseOthers(template, sections, 'the template');
  const scope = scopeOf(template, place);
  return Object.entries(section(template, 'Resources')).flatMap(([logicalId, resource]) => {
    if (!isObject(resource) || typeof resource.Type !== 'string') throw refused(`${logicalId} has no Type`);
    refuseOthers(resource, attributes, logicalId);
    if (!exists(resource, scope)) return [];
    const properties = resolve(resource.Properties ?? {}, scope);
    return isObject(properties) ? [{ logicalId, type: resource.Type, properties }] : [];
  });
};
