import { expect, it } from 'vitest';
import { addMs } from '#core/instant.ts';
import type { Opened } from '#core/longer-lived.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { endGrant } from '#usecases/grant/end-grant.ts';
import { mintCredentials } from '#usecases/grant/mint-credentials.ts';
import { revokeSessions } from '#usecases/revoke/revoke-sessions.ts';
import { grantWorld } from './grant-world.ts';

const { now, ports, live } = grantWorld();
const roleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';

/** Until when the deny of a grant stays whose last credentials die at `expiresAt`. */
const deniedAfter = async (opens: Opened): Promise<{ expiresAt: string; coversUntil: string | undefined }> => {
  const policy = samplePolicy();
  const entitlements = policy.entitlements.map((each) => (each.id === 'orders-admin' ? { ...each, opens } : each));
  now.world.govern({ ...policy, entitlements });
  const requestId = await live();
  const minted = await mintCredentials({ requestId, personId: 'alice' }, ports());
  if (!minted.ok) throw new Error(minted.refusal.code);
  await endGrant({ requestId, personId: 'alice', reason: 'done' }, ports());
  await revokeSessions({ requestId }, ports());
  const { entries } = await ports().ledgers.get(roleArn);
  return { expiresAt: minted.value.credentials.expiresAt, coversUntil: entries[0]?.coversUntil };
};

it('a deny stays for twelve hours longer where the sessions could make a token that carries their tags', async () => {
  const { expiresAt, coversUntil = '' } = await deniedAfter({ 'artifact-token': 'They publish packages.' });
  expect(coversUntil >= addMs(expiresAt, 12 * 3_600_000)).toBe(true);
  expect(coversUntil < addMs(expiresAt, 12 * 3_600_000 + 120_000)).toBe(true);
});

it('a deny stays no longer for what it does not reach', async () => {
  const { expiresAt, coversUntil = '' } = await deniedAfter({ 'kubernetes-access': 'They run the cluster.' });
  expect(coversUntil < addMs(expiresAt, 120_000)).toBe(true);
});
