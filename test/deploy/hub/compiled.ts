import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { functions } from '#functions/registry.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { compileTemplate } from '../../../scripts/compile-template.ts';

export type Resource = {
  Type: string;
  Properties: Readonly<Record<string, unknown>>;
  DependsOn?: readonly string[];
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
};

export type Template = {
  Parameters: Readonly<Record<string, { Default: string }>>;
  Resources: Readonly<Record<string, Resource>>;
  Outputs: Readonly<Record<string, { Value: unknown }>>;
};

const root = join(import.meta.dirname, '..', '..', '..');

/** The template that osls makes, with functions that hold the policy alone. */
export const compiled = (stage = 'prod'): Template => {
  const folder = mkdtempSync(join(tmpdir(), 'daypass-template-'));
  try {
    const artifacts = join(folder, 'zips');
    mkdirSync(artifacts);
    const zip = zipSync({ 'access.json': strToU8(JSON.stringify(samplePolicy())) });
    for (const { name } of functions) writeFileSync(join(artifacts, `${name}.zip`), zip);
    const policyPath = join(root, 'access.yaml');
    return JSON.parse(compileTemplate({ stage, params: {}, artifacts, policyPath })) as Template;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export const ofType = (template: Template, type: string): [string, Resource['Properties']][] =>
  Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties }]) => [id, Properties]);

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '111111111111',
  'AWS::URLSuffix': 'amazonaws.com',
};

const here = 'us-east-1:111111111111';
const arnOf = ({ Type, Properties }: Resource): string => {
  const named = (key: string): string => String(Properties[key]);
  switch (Type) {
    case 'AWS::DynamoDB::Table':
      return `arn:aws:dynamodb:${here}:table/${named('TableName')}`;
    case 'AWS::Events::EventBus':
      return `arn:aws:events:${here}:event-bus/${named('Name')}`;
    case 'AWS::Events::Rule':
      return `arn:aws:events:${here}:rule/${named('Name')}`;
    case 'AWS::IAM::Role':
      return `arn:aws:iam::111111111111:role/${named('RoleName')}`;
    case 'AWS::Lambda::Function':
      return `arn:aws:lambda:${here}:function:${named('FunctionName')}`;
    case 'AWS::Logs::LogGroup':
      return `arn:aws:logs:${here}:log-group:${named('LogGroupName')}:*`;
    case 'AWS::SQS::Queue':
      return `arn:aws:sqs:${here}:${named('QueueName')}`;
    default:
      return `arn of ${Type}`;
  }
};

/** A value as CloudFormation would deploy it in account 111111111111; what it makes up itself stays a logical id. */
export const resolved = (template: Template, value: unknown): unknown => {
  const named = (name: string): string => {
    const [id = '', attribute] = name.split('.');
    const resource = template.Resources[id];
    return (
      pseudo[name] ?? template.Parameters[name]?.Default ?? (resource && attribute === 'Arn' ? arnOf(resource) : id)
    );
  };
  const fill = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(fill);
    if (part === null || typeof part !== 'object') return part;
    const entries = Object.entries(part);
    const [[key, inner] = ['', undefined]] = entries;
    if (entries.length === 1 && key === 'Ref') return named(String(inner));
    if (entries.length === 1 && key === 'Fn::GetAtt') return named((inner as string[]).join('.'));
    if (entries.length === 1 && key === 'Fn::Sub')
      return String(inner).replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => named(name));
    return Object.fromEntries(entries.map(([name, member]) => [name, fill(member)]));
  };
  return fill(value);
};
