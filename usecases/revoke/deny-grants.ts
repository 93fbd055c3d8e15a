import { roleArnOf } from '#core/aws-role.ts';
import { lastExpiry, lastIssue } from '#core/grant/minted.ts';
import { isPastByBothClocks } from '#core/instant.ts';
import type { LedgerEntry } from '#core/ledger/ledger.ts';
import type { GrantEnd, RequestIn } from '#core/request/request.ts';
import { applyLedger, type LedgerPorts } from './apply-ledger.ts';

type Granted = RequestIn<'active' | 'ending'>;

/** How it is certain that no session of a grant is alive that dies by `coversUntil`; empty where none was known. */
export type Denied = { requestId: string; how: RequestIn<'ended'>['how']; coversUntil: string };

type Denials = { denied: Denied[]; errors: unknown[] };

/**
 * Puts the denies of many grants in force, each role written once. Of roles that could not be written the grants are
 * left out, and why is among `errors`. Throws nothing.
 */
export const denyGrants = async (
  { grants, end }: { grants: readonly Granted[]; end: GrantEnd },
  ports: LedgerPorts,
): Promise<Denials> => {
  const byRole = new Map<string, Granted[]>();
  for (const grant of grants) byRole.set(roleArnOf(grant), [...(byRole.get(roleArnOf(grant)) ?? []), grant]);
  const outcomes = await Promise.all([...byRole].map(([roleArn, some]) => denyOnRole(roleArn, some, end, ports)));
  return { denied: outcomes.flatMap(({ denied }) => denied), errors: outcomes.flatMap(({ errors }) => errors) };
};

const denyOnRole = async (
  roleArn: string,
  grants: readonly Granted[],
  end: GrantEnd,
  ports: LedgerPorts,
): Promise<Denials> => {
  const nowMs = ports.clock.nowMs();
  const denied = grants.map((grant): Denied => {
    const coversUntil = lastExpiry(grant.minted) ?? '';
    const dead = coversUntil !== '' && isPastByBothClocks(coversUntil, nowMs);
    return {
      requestId: grant.id,
      how: coversUntil === '' ? 'no-session' : dead ? 'sessions-expired' : 'denied',
      coversUntil,
    };
  });
  const entries = grants.flatMap((grant, index): LedgerEntry[] => {
    const { how, coversUntil = '' } = denied[index] ?? {};
    const { at } = 'end' in grant ? grant.end : end;
    return how === 'denied' ? [{ grantId: grant.id, revokedAt: at, coversUntil, ...lastIssue(grant.minted) }] : [];
  });
  try {
    if (entries.length > 0) await applyLedger({ roleArn, entries }, ports);
    return { denied, errors: [] };
  } catch (error) {
    return { denied: denied.filter(({ how }) => how !== 'denied'), errors: [error] };
  }
};
