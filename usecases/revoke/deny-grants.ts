import { roleArnOf } from '#core/aws-role.ts';
import { coveredUntil, lastIssue } from '#core/grant/minted.ts';
import { isPastByBothClocks } from '#core/instant.ts';
import type { LedgerEntry } from '#core/ledger/ledger.ts';
import type { GrantEnd, RequestIn } from '#core/request/request.ts';
import { applyLedger, deathBy, type LedgerPorts } from './apply-ledger.ts';

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
  const denied: Denied[] = [];
  const due: { requestId: string; coversUntil: string }[] = [];
  const entries: LedgerEntry[] = [];
  for (const grant of grants) {
    const { id: requestId, minted } = grant;
    const coversUntil = coveredUntil(minted) ?? '';
    if (coversUntil === '') denied.push({ requestId, how: 'no-session', coversUntil });
    else if (isPastByBothClocks(coversUntil, nowMs)) denied.push({ requestId, how: 'sessions-expired', coversUntil });
    else {
      const { at } = 'end' in grant ? grant.end : end;
      due.push({ requestId, coversUntil });
      entries.push({ grantId: requestId, personId: grant.personId, revokedAt: at, coversUntil, ...lastIssue(minted) });
    }
  }
  try {
    if (entries.length === 0) return { denied, errors: [] };
    const how = deathBy(await applyLedger({ roleArn, entries }, ports));
    return { denied: [...denied, ...due.map((each) => ({ ...each, how }))], errors: [] };
  } catch (error) {
    return { denied, errors: [error] };
  }
};
