import { describe, expect, it } from 'vitest';
import type { Template } from '#deploy/onboarding/cloudformation.ts';
import { broken } from './properties.ts';
import { openTarget, sampleTemplate } from './world.ts';

type Json = Record<string, unknown>;

/** What is wrong in an account that was made from this template. */
const faultsOf = async (template: Template): Promise<Record<string, string>> => {
  const target = await openTarget(template);
  try {
    return await broken(target);
  } finally {
    await target.close();
  }
};

it('an onboarded account keeps every promise, whatever its managed roles may do', async () => {
  expect(await faultsOf(sampleTemplate())).toEqual({});
});

const managed = 'DaypassJitOrdersAdminOf222222222222';

/** The statements of one document, to change in place. */
const statementsOf = (template: Template, logicalId: string, property: string): Json[] => {
  const properties: Json = template.Resources[logicalId]?.Properties ?? {};
  const [inline] = (properties.Policies ?? []) as { PolicyDocument: Json }[];
  const document = property === 'Policies' ? inline?.PolicyDocument : (properties[property] as Json | undefined);
  if (!document) throw new Error(`${logicalId} has no ${property}.`);
  return document.Statement as Json[];
};

const copy = (): Template => JSON.parse(JSON.stringify(sampleTemplate())) as Template;

/** One part of one document, changed. */
const changed = (
  logicalId: string,
  property: string,
  statement: number,
  change: (statement: Json) => Json,
  template = copy(),
): Template => {
  const statements = statementsOf(template, logicalId, property);
  const old = statements[statement];
  if (!old) throw new Error(`${logicalId} has no such statement.`);
  statements[statement] = change(old);
  return template;
};

const without = (...path: string[]) => {
  const cut = (from: Json, [key = '', ...rest]: string[]): Json => {
    if (!(key in from)) throw new Error(`There is no ${path.join('.')}.`);
    if (rest.length > 0) return { ...from, [key]: cut(from[key] as Json, rest) };
    const { [key]: _, ...left } = from;
    return left;
  };
  return (statement: Json): Json => cut(statement, path);
};

const withoutProperty = (logicalId: string, property: string): Template => {
  const template = sampleTemplate();
  const resource = template.Resources[logicalId];
  if (!resource || !(property in resource.Properties)) throw new Error(`There is no ${property} of ${logicalId}.`);
  const { [property]: _, ...Properties } = resource.Properties;
  return { ...template, Resources: { ...template.Resources, [logicalId]: { ...resource, Properties } } };
};

const trust = 'AssumeRolePolicyDocument';
const harmless = { Effect: 'Deny', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::nothing' };
const condition = (operator: string, key: string) => without('Condition', operator, key);

describe('the promises are not kept by a template', () => {
  const mutations: [what: string, template: () => Template, broken: string[]][] = [
    [
      'whose trust asks for no ExternalId',
      () => changed(managed, trust, 0, condition('StringEquals', 'sts:ExternalId')),
      ['no ExternalId', 'a wrong ExternalId', "another account's ExternalId"],
    ],
    [
      'whose trust asks for no grant',
      () => {
        const template = copy();
        for (const statement of [0, 1]) {
          changed(managed, trust, statement, condition('Null', 'aws:RequestTag/daypass:grant'), template);
        }
        return changed(managed, trust, 0, without('Condition', 'ForAnyValue:StringEquals'), template);
      },
      ['no grant tag'],
    ],
    [
      'whose trust lets the grant’s tag be lost',
      () => changed(managed, trust, 0, without('Condition', 'ForAnyValue:StringEquals')),
      ['a grant tag that is lost on the way to another role'],
    ],
    [
      'whose trust asks for no entitlement',
      () => changed(managed, trust, 0, condition('StringEquals', 'aws:RequestTag/daypass:entitlement')),
      ["another role's entitlement"],
    ],
    [
      'whose trust takes any tag',
      () => changed(managed, trust, 1, without('Condition', 'ForAllValues:StringEquals')),
      ['a tag of nobody’s'],
    ],
    [
      'whose trust asks for no source identity',
      () => changed(managed, trust, 0, condition('Null', 'sts:SourceIdentity')),
      ['no source identity'],
    ],
    [
      'whose trust names the whole hub',
      () => {
        const template = copy();
        for (const statement of statementsOf(template, managed, trust)) statement.Principal = { AWS: '111111111111' };
        return template;
      },
      ['another function of the hub', 'an administrator of the hub'],
    ],
    [
      'without a boundary on the role',
      () => withoutProperty(managed, 'PermissionsBoundary'),
      [
        'a session deletes its own deny',
        'a session edits its trust',
        'the revoker writes a deny, reads it and lists it',
      ],
    ],
    [
      'whose boundary allows everything',
      () => changed('Boundary', 'PolicyDocument', 0, () => ({ Effect: 'Allow', Action: '*', Resource: '*' })),
      ['a session makes a role', 'a session makes an access key', 'a session opens the trust of any role'],
    ],
    [
      'whose boundary denies nothing of Daypass',
      () => changed('Boundary', 'PolicyDocument', 2, () => harmless),
      ['a session stops the rules that send events to the hub'],
    ],
    [
      'whose boundary lets a session go on to any role',
      () => changed('Boundary', 'PolicyDocument', 3, () => harmless),
      ['a session goes on to a role that no entitlement names'],
    ],
    [
      'whose revoker asks for no ExternalId',
      () => changed('Revoker', trust, 0, without('Condition')),
      ['the revoker is taken without ExternalId', 'the revoker is taken with a wrong ExternalId'],
    ],
    [
      'whose revoker is anybody’s in the hub',
      () => changed('Revoker', trust, 0, (statement) => ({ ...statement, Principal: { AWS: '111111111111' } })),
      ['the revoker is taken by the function that mints', 'the revoker is taken by an administrator of the hub'],
    ],
    [
      'whose revoker does not ask for the boundary',
      () => changed('Revoker', 'Policies', 1, without('Condition')),
      ['the revoker writes to a managed role without the boundary'],
    ],
    [
      'whose revoker reaches every role with the boundary and every other',
      () => changed('Revoker', 'Policies', 1, (statement) => ({ ...without('Condition')(statement), Resource: '*' })),
      ['the revoker writes to a role of another name', 'the revoker writes to itself'],
    ],
    [
      'whose revoker may delete',
      () =>
        changed('Revoker', 'Policies', 0, (statement) => ({
          ...statement,
          Action: [...(statement.Action as string[]), 'iam:DeleteRolePolicy'],
        })),
      ['the revoker takes a policy away'],
    ],
    [
      'whose revoker asks for the boundary where IAM does not tell it',
      () =>
        changed('Revoker', 'Policies', 0, (statement) => ({
          ...statement,
          Condition: { StringEquals: { 'iam:PermissionsBoundary': { Ref: 'Boundary' } } },
        })),
      ['the revoker writes a deny, reads it and lists it'],
    ],
  ];

  it.each(mutations)('%s', async (_, template, expected) => {
    const found = Object.keys(await faultsOf(template()));
    expect(found).toEqual(expect.arrayContaining(expected));
  });
});
