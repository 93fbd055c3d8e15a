import { DatabaseSync } from 'node:sqlite';
import { denyPolicyName } from '#core/ledger/document.ts';
import type { Policy } from '#core/policy/policy.ts';
import { functions } from '#functions/registry.ts';
import { createCloudTrail } from '#local/aws/cloudtrail/trail.ts';
import { createEventBus } from '#local/aws/events/bus.ts';
import type { BusEvent } from '#local/aws/events/bus-event.ts';
import { createIdentity } from '#local/aws/iam/identity.ts';
import { keyRing } from '#local/aws/iam/keys.ts';
import { iamStores } from '#local/aws/iam/stores.ts';
import type { AwsCall, Caller, CompletedCall } from '#local/aws/service.ts';
import { turnableClock } from '#local/clock.ts';
import { onboard } from '#local/onboarded.ts';
import { functionRole, region, roleArnOfFunction, worldOf } from '#local/world.ts';
import type { ModelClock } from './clock.ts';

export type SessionCaller = Extract<Caller, { kind: 'session' }>;

export const partsOf = (roleArn: string): { accountId: string; RoleName: string } => {
  const [, , , , accountId = '', resource = ''] = roleArn.split(':');
  return { accountId, RoleName: resource.slice('role/'.length) };
};

/**
 * The accounts of the sample policy on the embedded IAM and STS, onboarded by their real template and called in
 * process: trust, session tags, session policies and denies are evaluated for every call.
 */
export const createAccounts = (policy: Policy, clock: ModelClock) => {
  const db = new DatabaseSync(':memory:');
  const keys = keyRing(new Uint8Array(32).fill(7));
  let drawn = 0;
  /** The same ids in every run. */
  const random = (size: number): Uint8Array => {
    drawn++;
    return Uint8Array.from({ length: size }, (_, index) => (index < 4 ? drawn >> (5 * index) : 0) & 31);
  };
  const { iam, sts } = createIdentity({ db, clock, keys, random });
  const { principals, policies } = iamStores(db, keys, clock, random);
  iam.seed(worldOf(policy));
  for (const config of functions) iam.replaceRole(functionRole(config));
  onboard(policy, { iam, bus: createEventBus({ db, clock: turnableClock(), deliverTo: async () => {} }) });

  let calls = 0;
  /** Counts what happened to roles, so that what was found out about a session holds until then. */
  let edits = 0;
  let sessionOf = new Map<string, { caller: Caller; untilMs: number }>();
  const externalIdOf = (accountId: string) => policy.accounts.find(({ id }) => id === accountId)?.externalId;

  const completed = async (
    caller: Caller,
    service: 'iam' | 'sts',
    action: string,
    input: Record<string, unknown>,
  ): Promise<CompletedCall & { output: Record<string, unknown> }> => {
    const facts: AwsCall = {
      service,
      region,
      action,
      input,
      caller,
      sourceIp: '127.0.0.1',
      userAgent: 'model',
      requestId: String(++calls),
      atMs: clock.nowMs(),
    };
    const engine = service === 'iam' ? iam : sts;
    iam.authorize(facts, engine.needs(facts));
    const output = await engine.handle(facts);
    if (/^(Put|Delete)/.test(action)) edits++;
    return { ...facts, output };
  };
  const call = async (...asked: Parameters<typeof completed>): Promise<Record<string, unknown>> =>
    (await completed(...asked)).output;

  let told: BusEvent[] = [];
  let records = 0;
  const trail = createCloudTrail({
    db,
    clock,
    deliver: (event) => void told.push(event),
    newId: () => `record-${++records}`,
  });

  const holder = (accessKeyId: string): Extract<Caller, { kind: 'session' }> => {
    const caller = sts.find(accessKeyId)?.caller;
    if (caller?.kind !== 'session') throw new Error(`${accessKeyId} is no session.`);
    return caller;
  };
  const cached = async (key: string, make: () => Promise<{ caller: Caller; untilMs: number }>): Promise<Caller> => {
    const known = sessionOf.get(key);
    if (known && clock.nowMs() < known.untilMs) return known.caller;
    const made = await make();
    sessionOf.set(key, made);
    return made.caller;
  };
  const asFunction = (name: string): Promise<Caller> =>
    cached(name, async () => {
      const issued = sts.serviceSession(roleArnOfFunction(name), name, 'lambda.amazonaws.com');
      return { caller: holder(issued.accessKeyId), untilMs: issued.expiresAtMs - 60_000 };
    });
  const asRevoker = (functionName: string, accountId: string): Promise<Caller> =>
    cached(`${functionName} ${accountId}`, async () => {
      const externalId = externalIdOf(accountId);
      const answer = await call(await asFunction(functionName), 'sts', 'AssumeRole', {
        RoleArn: `arn:aws:iam::${accountId}:role/daypass-revoker`,
        RoleSessionName: 'daypass-revoke-sessions',
        DurationSeconds: 900,
        ...(externalId !== undefined && { ExternalId: externalId }),
      });
      const { AccessKeyId, Expiration } = answer.Credentials as { AccessKeyId: string; Expiration: Date };
      return { caller: holder(AccessKeyId), untilMs: Expiration.getTime() - 60_000 };
    });
  const asAdmin = (accountId: string): Caller => {
    const userName = `${policy.accounts.find(({ id }) => id === accountId)?.name}-admin`;
    const { accessKeyId } = iam.credentialsOf(`arn:aws:iam::${accountId}:user/${userName}`);
    const found = iam.find(accessKeyId)?.caller;
    if (!found) throw new Error(`There is no administrator of ${accountId}.`);
    return found;
  };
  const drawnForGround = drawn;

  return {
    iam,
    principals,
    policies,
    /** A call as the wire would bring it: authorized, then handled. Throws `AwsError`. */
    call,
    /** The same, and what CloudTrail tells of it, in each account that it tells. */
    told: async (...asked: Parameters<typeof completed>) => {
      const done = await completed(...asked);
      told = [];
      trail.completed(done);
      return { output: done.output, events: told };
    },
    holder,
    asFunction,
    asRevoker,
    asAdmin,
    edits: () => edits,
    /** As if nobody had ever assumed or revoked anything. */
    reset: (): void => {
      db.exec(
        `DELETE FROM sts_sessions; DELETE FROM cloudtrail_record; DELETE FROM iam_inline_policies WHERE name = '${denyPolicyName}'`,
      );
      sessionOf = new Map();
      records = 0;
      calls = 0;
      drawn = drawnForGround;
      edits++;
    },
  };
};

export type Accounts = ReturnType<typeof createAccounts>;
