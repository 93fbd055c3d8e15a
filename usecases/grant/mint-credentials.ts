import { roleArnOf } from '#core/aws-role.ts';
import { reachOf } from '#core/chain/reach.ts';
import { DaypassError } from '#core/errors.ts';
import { beginEnd, intendSession, isLive, lockdownEnd, recordSession } from '#core/grant/grant.ts';
import { mintableInSec, mostPerMinute } from '#core/grant/minted.ts';
import type { Session } from '#core/grant/session.ts';
import { sessionNameOf } from '#core/grant/session-name.ts';
import { sessionPolicy } from '#core/grant/session-policy.ts';
import { entitlementTag, grantTag } from '#core/grant/session-tags.ts';
import { toIso } from '#core/instant.ts';
import type { Judgement } from '#core/judgement.ts';
import { everyOneDeniedBefore, type Ledger } from '#core/ledger/ledger.ts';
import { type Count, countOf } from '#core/limits.ts';
import { type InForce, lockdownOver } from '#core/lockdown/lockdown.ts';
import { lockedDown } from '#core/lockdown/words.ts';
import { stillAllowed } from '#core/policy/decide.ts';
import type { Entitlement, Policy } from '#core/policy/policy.ts';
import { done, notFound, type Outcome, type Refused, refuse } from '#core/refusal.ts';
import type { Change } from '#core/request/change.ts';
import type { AccessRequest, LiveRequest } from '#core/request/request.ts';
import { strike } from '#core/request/strike.ts';
import type { Ports } from '#ports/ports.ts';
import type { SessionCredentials } from '#ports/token-service.ts';
import { type ChangePorts, changeRequest, judgeRequest } from '#usecases/change-request.ts';
import { endForLockdown } from '#usecases/lockdown/end-for-lockdown.ts';
import { withinLimits } from '#usecases/within-limits.ts';

type MintPorts = ChangePorts & Pick<Ports, 'clock' | 'ids' | 'policy' | 'lockdowns' | 'tokenService' | 'ledgers'>;

export type Minted = { request: LiveRequest; credentials: SessionCredentials };

/**
 * STS's own bounds; the upper one because a Lambda's AssumeRole is role chaining:
 * docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
const shortestSec = 900;
const longestSec = 3600;

/**
 * Credentials for a live grant of this person. The intent is saved before STS is called, the result after it, and the
 * grant and the lockdowns are read again before anything is handed out. So is the role's ledger: credentials that a
 * role-wide watermark denies already are not handed out, and the answer says when new ones will work. Throws
 * `StoreUnavailable`, `CredentialsUnavailable`, `CredentialsRefused`, `PolicyUnreadable`.
 */
export const mintCredentials = async (
  { requestId, personId }: { requestId: string; personId: string },
  ports: MintPorts,
): Promise<Outcome<Minted>> => {
  const [policy, { lockdowns }, known] = await Promise.all([
    ports.policy.current(),
    ports.lockdowns.register(),
    ports.requests.get(requestId),
  ]);
  const mintId = ports.ids.ulid();
  const refused = await tooEarly(known, personId, ports);
  if (refused) return refused;
  const intended = await intend({ policy, lockdowns, known }, { requestId, personId, mintId }, ports);
  if (!intended.ok) return intended;
  const { request, entitlement, session } = intended.value;
  const { durationSec } = session;
  const roleArn = roleArnOf(entitlement);

  const credentials = await ports.tokenService.assumeRole({
    roleArn,
    ...externalIdOf(policy, entitlement),
    durationSec,
    roleSessionName: sessionNameOf(personId, mintId),
    sourceIdentity: personId,
    tags: { ...entitlement.tags, [grantTag]: request.id, [entitlementTag]: entitlement.id },
    sessionPolicy: sessionPolicy({ endsAt: request.grant.endsAt, chaining: entitlement.chaining }),
  });

  // By STS's own clock: it counts the duration from the moment of issue.
  const issuedMs = Date.parse(credentials.expiresAt) - durationSec * 1000;
  return handOut(policy, { request, session, credentials, issuedMs }, ports);
};

/**
 * Said before a session is intended, of which a grant has only so many in a minute; what the ids are worth is judged
 * later.
 */
const tooEarly = async (
  request: AccessRequest | undefined,
  personId: string,
  ports: MintPorts,
): Promise<Refused | undefined> => {
  if (request?.personId !== personId || !isLive(request, ports.clock.nowMs())) return undefined;
  return deniedAtBirth(await ports.ledgers.get(roleArnOf(request)), personId, ports.clock.nowMs(), ports);
};

/**
 * A watermark covers what is issued in the 30 seconds after it, too. Credentials know their time of issue to the
 * second. Those of a watermark that is set after this look are live ones that it ends, as it ends others.
 */
const deniedAtBirth = (
  ledger: Ledger,
  personId: string,
  issuedMs: number,
  { clock }: Pick<Ports, 'clock'>,
): Refused | undefined => {
  const before = everyOneDeniedBefore(ledger, personId);
  if (before === '') return undefined;
  const beforeMs = Date.parse(before);
  if (Math.floor(issuedMs / 1000) * 1000 >= beforeMs) return undefined;
  const inSec = Math.max(1, Math.ceil((beforeMs - clock.nowMs()) / 1000) + 1);
  return refuse(
    'role-revoked',
    'Every session of this role, or every one of yours, was revoked a moment ago, and what is issued now would be denied too.',
    `Try again in ${inSec} s: your grant goes on.`,
  );
};

const durationFor = (request: LiveRequest, nowMs: number): number => {
  const leftSec = Math.ceil((Date.parse(request.grant.endsAt) - nowMs) / 1000);
  return Math.min(longestSec, Math.max(shortestSec, leftSec));
};

const externalIdOf = (policy: Policy, { accountId }: Entitlement): { externalId?: string } => {
  const externalId = policy.accounts.find((account) => account.id === accountId)?.externalId;
  return externalId === undefined ? {} : { externalId };
};

type Intended = { request: LiveRequest; entitlement: Entitlement; session: Session };

/**
 * Saves the intent, if the grant is this person's, live, and still allowed by the policy. One that no longer is ends
 * here; one that rests on the vote of somebody who was locked down waits for another vote.
 */
const intend = async (
  { policy, lockdowns, known }: { policy: Policy; lockdowns: readonly InForce[]; known: AccessRequest | undefined },
  { requestId, personId, mintId }: { requestId: string; personId: string; mintId: string },
  ports: MintPorts,
): Promise<Outcome<Intended>> => {
  const counts: Count[] = [];
  const judge = (request: AccessRequest): Judgement<AccessRequest, Change, Outcome<Intended>> => {
    const nowMs = ports.clock.nowMs();
    if (request.personId !== personId) return notFound('request');
    const over = lockdownOver(lockdowns, request);
    if (!isLive(request, nowMs)) return over ? lockedDown(policy, over, personId) : notLive(request);
    if (over) {
      const change = beginEnd(request, lockdownEnd(over, toIso(nowMs)));
      return { change, answer: lockedDown(policy, over, personId) };
    }
    const entitlement = policy.entitlements.find(({ id }) => id === request.entitlementId);
    const allowed = stillAllowed(policy, request, lockdowns);
    if (!allowed.ok && allowed.freshVote) {
      const change = strike(request, lockdowns, toIso(nowMs));
      const answer = freshVoteNeeded(request, allowed.reasons);
      return change ? { change, answer } : { keep: request, answer };
    }
    if (!entitlement || !allowed.ok) {
      const change = beginEnd(request, { reason: 'policy-changed', at: toIso(nowMs) });
      return { change, answer: notLive(change.request) };
    }
    const inSec = mintableInSec(request.minted, nowMs);
    if (inSec > 0) return tooMany(request, inSec);
    const durationSec = durationFor(request, nowMs);
    const reach = reachOf(policy, entitlement);
    const change = intendSession(request, mintId, toIso(nowMs), durationSec, reach);
    counts.splice(0, 1, countOf('sessions', `${personId}#${roleArnOf(request)}`, nowMs));
    return {
      change: { ...change, counts },
      answer: done({ request: change.request, entitlement, session: change.session }),
    };
  };
  const outcome = await withinLimits(counts, ports.clock.nowMs(), () =>
    judgeRequest(requestId, judge, ports, { known }),
  );
  if (!outcome.ok) return outcome;
  return outcome.value.answer ?? notLive(outcome.value.state);
};

/**
 * Records the session on condition that the grant is as it was, or reads it again; then it reads the lockdowns and
 * the ledger: what ended, was locked down or denied while STS was answering gets no credentials. In this order,
 * because a lockdown that is not seen here was begun after the session was on record, and its workflow ends what is
 * on record.
 */
const handOut = async (
  policy: Policy,
  {
    request: intended,
    session,
    credentials,
    issuedMs,
  }: { request: LiveRequest; session: Session; credentials: SessionCredentials; issuedMs: number },
  ports: MintPorts,
): Promise<Outcome<Minted>> => {
  const { id: requestId } = intended;
  const { accessKeyId, expiresAt } = credentials;
  const outcome = await changeRequest(
    requestId,
    (request) => {
      if (!('grant' in request)) throw new DaypassError('RequestClosed', `Request ${requestId} has no grant any more.`);
      return { change: recordSession(request, session, { accessKeyId, expiresAt }, toIso(ports.clock.nowMs())) };
    },
    ports,
    { known: intended },
  );
  if (!outcome.ok) return outcome;
  const request = outcome.value;
  const [{ lockdowns }, ledger] = await Promise.all([
    ports.lockdowns.register(),
    ports.ledgers.get(roleArnOf(request)),
  ]);
  const over = lockdownOver(lockdowns, request);
  if (over) {
    await endForLockdown({ requestId, end: lockdownEnd(over, toIso(ports.clock.nowMs())) }, ports);
    return lockedDown(policy, over, request.personId);
  }
  if (!isLive(request, ports.clock.nowMs())) return notLive(request);
  const allowed = stillAllowed(policy, request, lockdowns);
  if (!allowed.ok && allowed.freshVote) return freshVoteNeeded(request, allowed.reasons);
  const denied = deniedAtBirth(ledger, request.personId, issuedMs, ports);
  if (denied) return denied;
  // What the session policy says: the grant may have been extended since.
  const { endsAt } = intended.grant;
  return done({ request, credentials: { ...credentials, expiresAt: expiresAt < endsAt ? expiresAt : endsAt } });
};

const freshVoteNeeded = ({ id: requestId }: LiveRequest, reasons: readonly string[]): Refused =>
  refuse('locked-down', reasons.join(' '), { do: 'await-approval', requestId });

const tooMany = (request: LiveRequest, inSec: number): Refused =>
  refuse(
    'too-many',
    `Credentials of your grant of ${request.entitlementId} were asked for ${mostPerMinute} times within a minute; there are more in ${inSec} s.`,
    { do: 'reuse-credentials' },
  );

const notLive = (request: AccessRequest): Refused =>
  request.status === 'pending' || request.status === 'approved'
    ? refuse('not-live', `Your request for ${request.entitlementId} is still ${request.status}.`, {
        do: 'await-approval',
        requestId: request.id,
      })
    : refuse('not-live', `Your grant of ${request.entitlementId} is not live any more.`, {
        do: 'ask',
        entitlementId: request.entitlementId,
      });
