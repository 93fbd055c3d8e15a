import { beforeEach, describe, expect, it } from 'vitest';
import { digestOfShape, type RoleShape } from '#core/role-shape.ts';
import { turnableClock } from '#local/clock.ts';
import type { Ports } from '#ports/ports.ts';
import { openWorld, type World, withPorts } from '#test/kit/world.ts';
import { compareWithOnboarding, lookAtRoles } from '#usecases/sweep/look-at-roles.ts';

const roleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-read';
const boundaryArn = 'arn:aws:iam::222222222222:policy/daypass-boundary';
const broker = 'arn:aws:iam::111111111111:role/daypass-mint-credentials';

const document = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const read = { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: '*' };
const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
const trust = { Effect: 'Allow', Principal: { AWS: [broker] }, Action: 'sts:AssumeRole' };
const given: RoleShape = {
  trust: document(trust),
  boundaryArn,
  boundary: document({ Effect: 'Allow', Action: '*', Resource: '*' }),
  inline: { permissions: document(read) },
  attachedArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
};
const tag = digestOfShape(given);

const clock = turnableClock();
let world: World;
let role: { shape: RoleShape; asOnboarded?: string } | 'absent' | 'not-permitted';
const looked: string[] = [];
const ports = (): Ports =>
  withPorts(world.ports, {
    targetRoles: {
      look: async (arn) => {
        looked.push(arn);
        return role;
      },
    },
  });
const told = async (): Promise<string[]> => {
  const alerts = await Promise.all([...world.memory.alerts.keys()].map((id) => world.ports.alerts.get(id)));
  return alerts.flatMap((alert) => (alert ? [`${alert.severity}: ${alert.first.summary}`] : []));
};
/** The sweeper's look at the role, so many times. */
const look = async (times = 1): Promise<string[]> => {
  for (let time = 0; time < times; time++) await compareWithOnboarding(roleArn, ports());
  return told();
};
const is = (over: Partial<RoleShape>, asOnboarded = tag): void => {
  role = { shape: { ...given, ...over }, asOnboarded };
};

beforeEach(() => {
  world = openWorld({ clock });
  looked.length = 0;
  is({});
});

describe('a managed role that is not as onboarded', () => {
  it('is told in words, once, and again when it changes', async () => {
    expect(await look(2)).toEqual([]);
    is({ inline: { permissions: document(read, everything) } });
    const first =
      'critical: daypass-jit-orders-read (222222222222) is not as onboarded: the inline policy permissions has gained {"Effect":"Allow","Action":"*","Resource":"*"}.';
    expect(await look(3)).toEqual([first]);
    is({ inline: { permissions: document(read, everything) }, attachedArns: [] });
    expect(await look(2)).toEqual([first, expect.stringContaining('ReadOnlyAccess is not attached to it any more')]);
  });

  it('is told anew when it was put right in between', async () => {
    is({ attachedArns: [...given.attachedArns, 'arn:aws:iam::aws:policy/AdministratorAccess'] });
    await look();
    is({});
    await look();
    is({ attachedArns: [...given.attachedArns, 'arn:aws:iam::aws:policy/AdministratorAccess'] });
    await clock.turn(3_600_000);
    await look();
    expect(world.memory.alerts.size).toBe(2);
  });

  it.each<[string, Partial<RoleShape>, RegExp]>([
    [
      'another inline policy',
      { inline: { ...given.inline, more: document(everything) } },
      /^critical: .* the inline policy more has gained .*"Action":"\*"/,
    ],
    [
      'a managed policy',
      { attachedArns: ['arn:aws:iam::aws:policy/AdministratorAccess', ...given.attachedArns] },
      /^critical: .*AdministratorAccess is attached to it/,
    ],
    [
      'a wider trust',
      { trust: document(trust, { ...trust, Principal: { AWS: 'arn:aws:iam::333333333333:root' } }) },
      /^critical: .* its trust policy has gained .*333333333333/,
    ],
    [
      'another boundary',
      { boundaryArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      /^critical: .* its permissions boundary is arn:aws:iam::aws:policy\/AdministratorAccess, not arn:aws:iam::222222222222:policy\/daypass-boundary/,
    ],
    [
      'a denial less in its boundary',
      { boundary: document({ Effect: 'Allow', Action: ['*', 'iam:*'], Resource: '*' }) },
      /^critical: .* its permissions boundary has gained/,
    ],
    [
      'one action more',
      { inline: { permissions: document({ ...read, Action: [...read.Action, 'dynamodb:DeleteItem'] }) } },
      /gained .*DeleteItem/,
    ],
    [
      'a denial',
      { inline: { ...given.inline, shut: document({ Effect: 'Deny', Action: '*', Resource: '*' }) } },
      /^low: .* the inline policy shut has gained/,
    ],
    ['permissions that were taken off', { inline: {} }, /^low: .* the inline policy permissions has lost/],
  ])('is told with %s', async (_, over, words) => {
    await look();
    is(over);
    expect(await look()).toEqual([expect.stringMatching(words)]);
  });

  it('is told of what it says where it was never seen as onboarded', async () => {
    is({ inline: { permissions: document(everything) } });
    expect(await look()).toEqual([
      expect.stringMatching(/what of it is new is not known; the inline policy permissions says/),
    ]);
  });

  it('is told where the digest was taken off with it', async () => {
    await look();
    role = { shape: { ...given, attachedArns: [] } };
    expect(await look()).toEqual([expect.stringContaining('is not attached to it any more')]);
  });
});

describe('a managed role is as onboarded', () => {
  it('however its documents are written, and whatever Daypass denies on it', async () => {
    is({
      trust: JSON.stringify({
        Statement: { Action: ['sts:AssumeRole'], Principal: { AWS: broker }, Effect: 'Allow', Sid: 'Broker' },
        Version: '2012-10-17',
      }),
      inline: {
        permissions: document({ Resource: ['*'], Action: ['dynamodb:Query', 'dynamodb:GetItem'], Effect: 'Allow' }),
        AWSRevokeOlderSessions: document({ Effect: 'Deny', Action: '*', Resource: '*' }),
      },
    });
    expect(await look()).toEqual([]);
  });

  it('after it was onboarded again with other permissions, which are the measure from then on', async () => {
    await look();
    const more = { ...given, inline: { permissions: document(everything) } };
    is(more);
    await look();
    is(more, digestOfShape(more));
    await look();
    is({}, digestOfShape(more));
    expect((await look()).at(-1)).toMatch(/has gained .*GetItem.*has lost .*"Action":"\*"/);
  });
});

describe('nobody is told', () => {
  it('of a role that was onboarded before its digest was kept', async () => {
    role = { shape: { ...given, inline: { permissions: document(everything) } } };
    expect(await look()).toEqual([]);
  });

  it.each(['absent', 'not-permitted'] as const)('of one that is %s', async (answer) => {
    role = answer;
    expect(await look()).toEqual([]);
  });
});

it('each role is looked at once an hour, whenever within five minutes the sweeper comes', async () => {
  const roles = new Set((await ports().policy.current()).entitlements.map(({ roleName }) => roleName));
  for (let sweep = 0; sweep < 12; sweep++) {
    await lookAtRoles(ports());
    await clock.turn(300_000);
  }
  expect(looked.map((arn) => arn.split('/').at(-1)).sort()).toEqual([...roles].sort());
});
