import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { DeleteRolePolicyCommand, GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { createLedgerStore } from '#adapters/aws/ledger-store.ts';
import { managedPrefix, roleArnOf } from '#core/aws-role.ts';
import { toIso } from '#core/instant.ts';
import { denyPolicyName, inlinePolicyBudget } from '#core/ledger/document.ts';
import type { LedgerEntry } from '#core/ledger/ledger.ts';
import { systemClock } from '#local/clock.ts';
import { startStack } from '#local/stack.ts';
import type { Ports } from '#ports/ports.ts';
import { startTable } from '#test/kit/table.ts';
import { applyLedger } from '#usecases/revoke/apply-ledger.ts';
import { profileIn } from './people.ts';
import { spread, twoDecimals } from './statistics.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const clock = systemClock();
const RoleName = `${managedPrefix}orders-admin`;
const named = { RoleName, PolicyName: denyPolicyName };
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error));

/** As many functions as Lambda runs at once in an account that asked for no more. */
const atOnce = 1_000;

const entries = (count: number): LedgerEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    grantId: `01JD8Q${String(index).padStart(20, '0')}`,
    revokedAt: toIso(clock.nowMs()),
    coversUntil: toIso(clock.nowMs() + 3_600_000),
  }));

/** Runs `work` on all of them, so many at a time, and counts what went wrong. */
const onAll = async <T>(all: readonly T[], work: (one: T) => Promise<void>) => {
  const errors: Record<string, number> = {};
  const times: number[] = [];
  const waiting = [...all];
  const startedAt = performance.now();
  const worker = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const clickedAt = performance.now();
      try {
        await work(one);
        times.push(performance.now() - clickedAt);
      } catch (error) {
        errors[nameOf(error)] = (errors[nameOf(error)] ?? 0) + 1;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, worker));
  return { errors, times, elapsedSec: (performance.now() - startedAt) / 1000 };
};

/** Administrators of production see the role as IAM has it; writes are counted. */
const roleOn = (iam: IAMClient) => {
  const counted = { writes: 0 };
  const read = async (): Promise<string | undefined> => {
    try {
      return decodeURIComponent((await iam.send(new GetRolePolicyCommand(named))).PolicyDocument ?? '');
    } catch (error) {
      if (nameOf(error) === 'NoSuchEntityException') return undefined;
      throw error;
    }
  };
  const write = async (PolicyDocument: string): Promise<void> => {
    counted.writes++;
    await iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument }));
  };
  const clear = async (): Promise<void> => {
    counted.writes = 0;
    await iam.send(new DeleteRolePolicyCommand(named)).catch(() => undefined);
  };
  return { read, write, clear, counted };
};

type Role = ReturnType<typeof roleOn>;

/** The store, with its calls counted by name. */
const counted = (ledgers: Ports['ledgers']) => {
  const calls: Record<string, number> = {};
  const counting = new Proxy(ledgers, {
    get: (store, name, receiver) => {
      calls[String(name)] = (calls[String(name)] ?? 0) + 1;
      return Reflect.get(store, name, receiver);
    },
  });
  return { calls, ledgers: counting };
};

/** Denied by its tag, or by the watermark. */
const isDenied = (document: string, entry: LedgerEntry): boolean =>
  ('grantId' in entry && document.includes(entry.grantId)) ||
  (/"Sid":"DaypassEverySession".*?"aws:TokenIssueTime":"([^"]+)"/.exec(document)?.[1] ?? '') > entry.revokedAt;

const byDaypass = async (role: Role, count: number, store: Ports['ledgers']) => {
  await role.clear();
  const { calls, ledgers } = counted(store);
  const roleArn = roleArnOf({ accountId: '222222222222', roleName: `${RoleName}-${count}` });
  const targetRoles: Ports['targetRoles'] = {
    readDeny: role.read,
    writeDeny: async (_, document) => {
      try {
        await role.write(document);
        return 'written';
      } catch (error) {
        if (nameOf(error) === 'LimitExceededException') return 'no-room';
        throw error;
      }
    },
    // The sample role has one more inline policy.
    look: async () => 'absent',
    otherPolicies: async () => 600,
  };
  const ports = { clock, pause: (ms: number) => pause(ms), ledgers, targetRoles, log: silent };
  const all = entries(count);
  const { errors, times, elapsedSec } = await onAll(
    all,
    async (entry) => void (await applyLedger({ roleArn, entry }, ports)),
  );
  const document = (await role.read()) ?? '';
  return {
    errors,
    characters: document.length,
    inBound: document.length <= inlinePolicyBudget,
    notDenied: all.filter((entry) => !isDenied(document, entry)).length,
    roleWide: document.includes('DaypassEverySession'),
    putRolePolicyCalls: role.counted.writes,
    allowedCalls: Math.floor(10 + elapsedSec),
    elapsedSec: twoDecimals(elapsedSec),
    clickToReadBack: spread(times),
    ledgerCalls: calls,
  };
};

/** One statement for each grant, each writer for itself: what one writes first. */
const naively = async (role: Role, count: number) => {
  await role.clear();
  const all = entries(count);
  const { errors, times, elapsedSec } = await onAll(all, async (entry) => {
    const existing = await role.read();
    const { Statement } = JSON.parse(existing ?? '{"Statement":[]}') as { Statement: unknown[] };
    const grantId = 'grantId' in entry ? entry.grantId : '';
    const more = {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/daypass:grant': grantId } },
    };
    await role.write(JSON.stringify({ Version: '2012-10-17', Statement: [...Statement, more] }));
  });
  const document = (await role.read()) ?? '';
  return {
    errors,
    characters: document.length,
    notDenied: all.filter((entry) => !isDenied(document, entry)).length,
    putRolePolicyCalls: role.counted.writes,
    elapsedSec: twoDecimals(elapsedSec),
    clickToReadBack: spread(times),
  };
};

/**
 * So many grants of one role that are ended at the same moment, at most a thousand functions at a time, against the
 * embedded IAM and the embedded DynamoDB, both over the wire; beside it what a writer does that has no ledger. On AWS
 * each function has a processor and connections of its own; here all of them share this process, and that is most of
 * the time.
 */
export const revocationAtScale = async (counts: readonly number[]) => {
  const stack = await startStack({ port: 0, awsPort: 0, policyPath: 'access.yaml', log: () => silent });
  const { table, stop } = await startTable();
  const credentials = profileIn(stack.dataFolder, 'production-admin');
  const iam = new IAMClient({ region: 'us-east-1', endpoint: stack.awsUrl, credentials, maxAttempts: 1 });
  const role = roleOn(iam);
  const results: Record<string, unknown> = {};
  try {
    for (const count of counts) {
      const daypass = await byDaypass(role, count, createLedgerStore(table, clock));
      results[count] = { daypass, naive: await naively(role, count), loadAverage: twoDecimals(loadavg()[0] ?? 0) };
    }
    return results;
  } finally {
    iam.destroy();
    await stop();
    await stack.stop();
  }
};
