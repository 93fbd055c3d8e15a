import { DeleteCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { canonicalJson } from '#core/canonical-json.ts';
import { activate } from '#core/grant/grant.ts';
import { toIso } from '#core/instant.ts';
import { sha256 } from '#core/sha256.ts';
import type { DomainEvent } from '#events/events.ts';
import { turnableClock } from '#local/clock.ts';
import { derivedUlid } from '#slack/listeners/derived-id.ts';
import { pairId } from '#slack/listeners/pair-id.ts';
import type { PortsWithSlack } from '#slack/ports.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { tableStores } from '#test/kit/stores/table-stores.ts';
import { startTable } from '#test/kit/table.ts';
import { openWorld } from '#test/kit/world.ts';
import { memorySlack } from '#test/slack/memory-slack.ts';
import { detect } from '#usecases/alert/detect.ts';
import { askExtension } from '#usecases/ask/ask-extension.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { requestsIn } from '#usecases/change-request.ts';
import { castVote } from '#usecases/decide/cast-vote.ts';
import { beginLockdown } from '#usecases/lockdown/begin-lockdown.ts';
import { confirmLogin } from '#usecases/login/confirm-login.ts';
import { redeemLogin } from '#usecases/login/redeem-login.ts';
import { startLogin } from '#usecases/login/start-login.ts';

export const signingSecret = 'signing-secret-of-the-tests';
export const policy = samplePolicy();

/** An item of the table, and a text that is the same as long as it is. */
export type Kept = { item: Record<string, unknown>; text: string };
/** By their keys. */
export type Items = ReadonlyMap<string, Kept>;

/** The partitions that a command of the database names: `pk` of its items and keys. */
const partitionsIn = (input: unknown): string[] => {
  if (typeof input !== 'object' || input === null) return [];
  return Object.entries(input).flatMap(([name, value]) => {
    if (name !== 'pk') return partitionsIn(value);
    return typeof value === 'string' ? value : String((value as { S?: string }).S);
  });
};

/** Everything that somebody hostile could be after, with ids that are the same in each run. */
export const openStage = async () => {
  const { table, stop } = await startTable();
  const clock = turnableClock(Date.parse('2026-11-22T10:05:01.000Z'));
  const slack = memorySlack();
  const { ports: kit, published } = openWorld({ policy, clock, stores: tableStores(table) });
  const errors: string[] = [];
  const refused: string[] = [];
  let made = 0;
  const ids = {
    ulid: () => derivedUlid(clock.nowMs(), `id ${++made}`),
    secret: (bytes: number) =>
      Buffer.from(sha256(`secret ${++made}`), 'hex')
        .subarray(0, bytes)
        .toString('base64url'),
  };
  const note = (lines: string[]) => (message: string, facts?: object) =>
    void lines.push(JSON.stringify({ message, facts }));
  const ports: PortsWithSlack = {
    ...kit,
    ids,
    slack: slack.port,
    log: { info: () => {}, warn: note(refused), error: note(errors) },
    secrets: { slackBotToken: async () => '', slackSigningSecret: async () => signingSecret },
  };

  const asked = async (personId: string, entitlementId: string, durationSec: number): Promise<string> => {
    const requestId = ids.ulid();
    const ask = { requestId, personId, entitlementId, durationSec, reason: 'fixing INC-42' };
    const outcome = await submitRequest(ask, ports);
    if (!outcome.ok) throw new Error(outcome.refusal.message);
    return requestId;
  };
  const vote = (requestId: string, personId: string) => castVote({ requestId, personId, verdict: 'approve' }, ports);
  const granted = async (personId: string, entitlementId: string, voter?: string): Promise<string> => {
    const id = await asked(personId, entitlementId, 1_800);
    if (voter !== undefined) await vote(id, voter);
    const request = await ports.requests.get(id);
    if (request?.status !== 'approved') throw new Error(`${request?.status} instead of approved`);
    await requestsIn(ports).save(activate(request, toIso(clock.nowMs())), request);
    return id;
  };
  const more = async (requestId: string, personId: string): Promise<string> => {
    const extensionId = ids.ulid();
    await askExtension({ requestId, personId, extensionId, bySec: 1_800, reason: 'INC-42 takes longer' }, ports);
    return pairId(requestId, extensionId);
  };
  const login = async (personId?: string) => {
    const begun = await startLogin({ askedFrom: { ip: '192.0.2.7', program: 'daypass' } }, ports);
    if (!begun.ok) throw new Error(begun.refusal.message);
    const { login, deviceCode } = begun.value;
    if (personId !== undefined) await confirmLogin({ userCode: login.userCode, personId }, ports);
    return { id: login.id, userCode: login.userCode, deviceCode };
  };
  const letIn = async (personId: string): Promise<{ id: string; token: string }> => {
    const { id, deviceCode } = await login(personId);
    const redeemed = await redeemLogin({ deviceCode }, ports);
    if (redeemed.state !== 'redeemed') throw new Error(redeemed.state);
    return { id, token: redeemed.token };
  };

  const waiting = await asked('alice', 'orders-admin', 14_400);
  const halfway = await asked('alice', 'payments-admin', 3_600);
  await vote(halfway, 'bob');
  const ofBob = await asked('bob', 'orders-admin', 3_600);
  const live = await granted('alice', 'orders-read');
  const extending = await granted('alice', 'orders-admin', 'bob');
  const extension = await more(extending, 'alice');
  const liveOfBob = await granted('bob', 'orders-admin', 'carol');
  const extensionOfBob = await more(liveOfBob, 'bob');
  await detect(records.ownAssumption, ports);
  await detect(records.boundaryDeleted, ports);
  const [alert, otherAlert] = (await ports.alerts.open()).map(({ id }) => id).sort();
  if (alert === undefined || otherAlert === undefined) throw new Error('There are not two alerts.');
  const lockdown = ids.ulid();
  const scope = { kind: 'account', accountId: '333333333333' } as const;
  await beginLockdown({ lockdownId: lockdown, scope, reason: 'INC-42', personId: 'bob' }, ports);
  const pending = await login();
  const confirmed = await login('carol');
  const tokens = {
    alice: await letIn('alice'),
    bob: await letIn('bob'),
    carol: await letIn('carol'),
    dave: await letIn('dave'),
  };

  /** What was written since it was asked the last time, by partition. */
  const written = new Set<string>();
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (!/^(?:Get|Query|Scan|BatchGet)/.test(commandName))
          for (const pk of partitionsIn(args.input)) written.add(pk);
        return next(args);
      },
    { step: 'initialize' },
  );
  const wrote = async (): Promise<boolean> => {
    const all = [...written];
    written.clear();
    const replies = all.filter((pk) => pk.startsWith('REPLY#'));
    if (replies.length < all.length) return true;
    // Of an answer that is kept nobody has anything but the same answer again.
    for (const pk of replies)
      await table.client.send(new DeleteCommand({ TableName: table.name, Key: { pk, sk: 'REPLY' } }));
    written.clear();
    return false;
  };
  const items = async (): Promise<Items> => {
    const { Items: all = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
    return new Map(all.map((item) => [`${item.pk} ${item.sk}`, { item, text: canonicalJson(item) }]));
  };
  /** Puts back what was before, so that the next payload meets the same. */
  const restore = async (before: Items, after: Items): Promise<void> => {
    for (const [key, { item }] of after) {
      const { pk, sk } = item;
      if (!before.has(key)) await table.client.send(new DeleteCommand({ TableName: table.name, Key: { pk, sk } }));
    }
    for (const [key, { item, text }] of before) {
      if (after.get(key)?.text === text) continue;
      await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
    }
    written.clear();
  };
  const nonce = ids.ulid();
  const told = (): { events: DomainEvent[]; errors: string[]; orders: number } => ({
    events: published.splice(0),
    errors: errors.splice(0),
    orders: slack.modals.splice(0).length + refused.splice(0).length,
  });
  told();
  return {
    ports,
    clock,
    ids: {
      ...{
        waiting,
        halfway,
        ofBob,
        live,
        extending,
        liveOfBob,
        extension,
        extensionOfBob,
        alert,
        otherAlert,
        lockdown,
      },
      ...{ nonce, pair: pairId(live, nonce), userCode: pending.userCode, login: pending.id },
      ...{ loginOfAlice: tokens.alice.id, loginOfBob: tokens.bob.id },
    },
    /** Of a login that carol has confirmed and whose token nobody has fetched. */
    deviceCode: confirmed.deviceCode,
    tokens,
    /** Whether anything but answers to requests was written since; those are gone then. */
    wrote,
    items,
    restore,
    /** What was told since it was asked the last time. */
    told,
    stop,
  };
};

export type Stage = Awaited<ReturnType<typeof openStage>>;
