import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { policySchema } from '#core/policy/json-schema.ts';
import { readPolicy } from '#core/policy/read.ts';
import { samplePolicy, sampleText } from '#test/kit/policy.ts';

describe('access.yaml', () => {
  const policy = samplePolicy();

  it('is read without a warning and names its schema on the first line', () => {
    expect(readPolicy(sampleText)).toMatchObject({ ok: true, warnings: [] });
    expect(sampleText.split('\n')[0]).toBe('# yaml-language-server: $schema=./access.schema.json');
  });

  it('is the sample world: one workspace, four people, two groups, three accounts', () => {
    expect(policy.slack).toEqual({ teamId: 'T0DAYPASS', cardsChannel: 'C0ACCESS', alertsChannel: 'C0SECURITY' });
    expect(policy.people).toEqual([
      { id: 'alice', name: 'Alice', slackUserIds: ['U0ALICE'], emails: ['alice@example.com'] },
      { id: 'bob', name: 'Bob', slackUserIds: ['U0BOB'], emails: ['bob@example.com'] },
      { id: 'carol', name: 'Carol', slackUserIds: ['U0CAROL'], emails: ['carol@example.com'] },
      { id: 'dave', name: 'Dave', slackUserIds: ['U0DAVE'], emails: ['dave@example.com'] },
    ]);
    expect(policy.groups).toEqual({ developers: ['alice', 'bob', 'carol'], leads: ['bob', 'carol'] });
    expect(policy.accounts.map(({ id, name, externalId }) => [id, name, externalId !== undefined])).toEqual([
      ['111111111111', 'hub', false],
      ['222222222222', 'production', true],
      ['333333333333', 'partner', true],
    ]);
  });

  it('has three entitlements in production, for developers, from 5 seconds', () => {
    const of = {
      accountId: '222222222222',
      mayAsk: ['developers'],
      minDurationSec: 5,
      defaultDurationSec: 1_800,
      tags: {},
      chaining: false,
    };
    expect(policy.entitlements).toMatchObject([
      {
        ...of,
        id: 'orders-read',
        roleName: 'daypass-jit-orders-read',
        maxDurationSec: 3_600,
        approval: { kind: 'none' },
      },
      {
        ...of,
        id: 'orders-admin',
        roleName: 'daypass-jit-orders-admin',
        maxDurationSec: 14_400,
        approval: { kind: 'votes', count: 1, groups: ['leads'] },
      },
      {
        ...of,
        id: 'payments-admin',
        roleName: 'daypass-jit-payments-admin',
        maxDurationSec: 7_200,
        approval: { kind: 'votes', count: 2, groups: ['leads'] },
      },
    ]);
  });

  it('says who ends access and answers alerts, and in what time', () => {
    expect(policy.requests.lapseAfterSec).toBe(86_400);
    expect(policy.mayRevoke).toEqual(['leads']);
    expect(policy.alerts).toEqual({ mayRevoke: ['developers', 'leads'], mayDismiss: ['leads'], revokeAfterSec: 900 });
  });
});

describe('access.schema.json', () => {
  const written: unknown = JSON.parse(readFileSync(new URL('../access.schema.json', import.meta.url), 'utf8'));

  it('is what the code says (node scripts/write-schema.ts writes it)', () => {
    expect(written).toEqual(JSON.parse(JSON.stringify(policySchema())));
  });

  it('describes every setting', () => {
    const undescribed = (schema: unknown, path: string): string[] => {
      if (typeof schema !== 'object' || schema === null) return [];
      const { properties = {}, additionalProperties, anyOf = [], items } = schema as Record<string, object>;
      return [
        ...Object.entries(properties).flatMap(([key, member]) => [
          ...('description' in member ? [] : [`${path}.${key}`]),
          ...undescribed(member, `${path}.${key}`),
        ]),
        ...[additionalProperties, items, ...Object.values(anyOf)].flatMap((member) => undescribed(member, `${path}.*`)),
      ];
    };
    expect(undescribed(written, '')).toEqual([]);
  });
});
