import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { parse, stringify } from 'yaml';
import { createLockdownStore } from '#adapters/aws/lockdown-store.ts';
import { createRequestStore } from '#adapters/aws/request-store.ts';
import { randomIds } from '#adapters/ids.ts';
import type { LockdownView } from '#core/api/lockdown-views.ts';
import { readPolicy } from '#core/policy/read.ts';
import type { RequestChange } from '#ports/request-store.ts';
import { until } from '#test/kit/until.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { activateGrant } from '#usecases/grant/activate-grant.ts';
import type { Actors, Credentials } from './actors.ts';
import type { Minted } from './people.ts';
import { type SlackAnswer, submissionBody } from './slack-person.ts';
import type { World } from './world.ts';

/**
 * The sample policy with this many roles more, spread over production, partner and staging. Returns where it is
 * written.
 */
export const policyWithRoles = (roles: number): { path: string; entitlements: string[]; remove: () => void } => {
  const policy = parse(readFileSync('access.yaml', 'utf8')) as Record<string, Record<string, unknown>>;
  const accounts = ['production', 'partner', 'staging'];
  policy.accounts = { ...policy.accounts, staging: { id: '444444444444', externalId: 'dp-staging-91c2e4d1' } };
  const names = Array.from({ length: roles }, (_, index) => `role-${String(index + 1).padStart(2, '0')}`);
  policy.entitlements = {
    ...policy.entitlements,
    ...Object.fromEntries(
      names.map((name, index) => [
        name,
        {
          description: `Read orders, ${name}`,
          account: accounts[index % accounts.length],
          role: `daypass-jit-${name}`,
          mayAsk: ['developers'],
          duration: { min: '5s', default: '30m', max: '4h' },
          approval: 'none',
        },
      ]),
    ),
  };
  const folder = mkdtempSync(join(tmpdir(), 'daypass-lockdown-'));
  const path = join(folder, 'access.yaml');
  writeFileSync(path, stringify(policy));
  return { path, entitlements: names, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** As many at a time as a team of people would be. */
const atOnce = 8;

export const inBatches = async <T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = [];
  for (let first = 0; first < items.length; first += atOnce) {
    results.push(...(await Promise.all(items.slice(first, first + atOnce).map(run))));
  }
  return results;
};

export type Held = { id: string; entitlementId: string; credentials: Credentials };

/** Live grants of a person, saved as their workflows would have: hundreds of executions are not what is looked at. */
export const lend = async (world: World, policyPath: string, personId: string, entitlements: readonly string[]) => {
  const client = DynamoDBDocumentClient.from(world.profile('hub-admin').dynamoDb, {
    marshallOptions: { removeUndefinedValues: true },
  });
  const requests = createRequestStore({ client, name: 'daypass' });
  const outbox = { announce: async () => {}, publish: async () => {}, publishLeftovers: async () => 0 };
  const read = readPolicy(readFileSync(policyPath, 'utf8'));
  if (!read.ok) throw new Error('The generated policy cannot be read.');
  const ports = {
    clock: world.clock,
    policy: { current: async () => read.policy },
    requests: { ...requests, save: (change: RequestChange) => requests.save({ ...change, events: [] }) },
    lockdowns: createLockdownStore({ client, name: 'daypass' }),
    outbox,
  };
  const ids = randomIds(world.clock);
  return inBatches(entitlements, async (entitlementId) => {
    const requestId = ids.ulid();
    await submitRequest({ requestId, personId, entitlementId, durationSec: 14_400, reason: 'watching INC-42' }, ports);
    await activateGrant({ requestId }, ports);
    return { id: requestId, entitlementId };
  });
};

type Grant = { id: string; entitlementId: string };

/** Mints once under each grant. */
export const mintAll = (world: Actors, token: string, grants: readonly Grant[]): Promise<Held[]> =>
  inBatches(grants, async ({ id, entitlementId }) => {
    const minted = await until(`credentials of ${entitlementId}`, async () => {
      const { status, body } = await world.api<Minted>(token, 'POST', `/requests/${id}/credentials`);
      return status === 200 ? body : undefined;
    });
    return { id, entitlementId, credentials: minted.credentials };
  });

/** Asks for each of these, and mints once under each grant. */
export const hold = async (world: Actors, token: string, entitlements: readonly string[]): Promise<Held[]> => {
  const ids = await inBatches(entitlements, async (entitlement) => {
    const { status, body } = await world.api<{ id: string }>(token, 'POST', '/requests', {
      entitlement,
      duration: '4h',
      reason: 'watching INC-42',
    });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return { id: body.id, entitlementId: entitlement };
  });
  return mintAll(world, token, ids);
};

/** Types a command that opens a modal, fills in why, and submits it. */
export const confirm = async (
  world: Actors,
  userId: string,
  text: string,
  reason: string,
  /** Before it is submitted. */
  opened: () => void = () => undefined,
): Promise<{ view: string; answer: SlackAnswer; submit: () => Promise<SlackAnswer> }> => {
  const before = world.slack.views.length;
  const typed = await world.command(userId, text);
  if (typed.text !== '') throw new Error(`No modal, but: ${typed.text}`);
  const view = world.slack.views[before] ?? {};
  const values = { reason: { value: { type: 'plain_text_input', value: reason } } };
  const submit = (): Promise<SlackAnswer> => world.post(submissionBody(userId, view, values));
  opened();
  return { view: JSON.stringify(view), answer: await submit(), submit };
};

export const lockdowns = async (world: Actors, token: string): Promise<LockdownView[]> =>
  (await world.api<{ lockdowns: LockdownView[] }>(token, 'GET', '/lockdowns')).body.lockdowns;

/** Nothing more was found under the one lockdown that is in force. */
export const finished = (world: Actors, token: string): Promise<LockdownView> =>
  until('the lockdown to be finished', async () => {
    const [lockdown] = await lockdowns(world, token);
    return lockdown?.tally?.finishedAt === undefined ? undefined : lockdown;
  });
