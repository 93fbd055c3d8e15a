import { roleArnOf } from '#core/aws-role.ts';
import { accessEndsAt } from '#core/grant/grant.ts';
import { coversAheadMs, propagationMs } from '#core/ledger/in-force.ts';

import { deadBy } from '#core/ledger/lifetime.ts';

import { nameOfRole, whoDid } from './describe.ts';

import { type Answers, lookAndPutRight, type TrailDetection } from './detection.ts';
import type { FoundSession } from './finding.ts';
import { isCallers } from './minted-session.ts';
import { trailSample } from './sample-records.ts';
import { alicesSession, ordersAdmin, production, sampleGrant, sampleSession } from './sample-world.ts';
import type { TrailEvent } from './trail-event.ts';

/** What STS takes as a source identity: docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const sourceIdentity = /^[\w+=,.@-]{2,64}$/;

/**
 * A dry run that is allowed ends in this error, one that is not in another:
 * docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html, and KMS's errors.
 */
const wouldHaveWorked = /(?:^|\.)DryRunOperation(?:Exception)?$/;

/** `taken`: somebody took it away, as opposed to its time being up or its owner being done. */
type End = { at: string; taken: boolean; session: FoundSession; personId?: string };

/** How and when the caller's session ends or ended; undefined for a session that Daypass knows nothing of. */
const endOf = ({ caller }: TrailEvent, { revoked, minted }: Answers): End | undefined => {
  const { userId, sessionCreatedAt, accessKeyId } = caller;
  if (userId === undefined) return undefined;
  const key = accessKeyId === undefined ? {} : { accessKeyId };
  const entry = revoked.find(
    (candidate) =>
      'userId' in candidate &&
      candidate.userId === userId &&
      (sessionCreatedAt === undefined ||
        Date.parse(sessionCreatedAt) <= Date.parse(candidate.revokedAt) + coversAheadMs),
  );
  if (entry) {
    const { coversUntil } = entry;
    return {
      at: entry.revokedAt,
      taken: true,
      session: { userId, expiresBy: coversUntil, deadBy: coversUntil, ...key },
    };
  }

  if (!minted || !isCallers(minted, caller)) return undefined;
  const { session: mint, request } = minted;
  if (!('grant' in request)) return undefined;
  const at = accessEndsAt(request);
  const early = 'end' in request && at < request.grant.endsAt ? request.end.reason : undefined;
  return {
    at,
    taken: early !== undefined && early !== 'done' && early !== 'expired',
    session: {
      userId,
      grantId: request.id,
      expiresBy: mint.expiresBy,
      deadBy: deadBy(mint.expiresBy, { chained: true, leavesForMs: request.minted?.reach?.leavesForMs ?? 0 }),
      ...key,
    },
    personId: request.personId,
  };
};

const use = (record: Readonly<Record<string, unknown>> = {}) =>
  trailSample('dynamodb', 'GetItem', production, { userIdentity: alicesSession, ...record });

const { grant: window, ...granted } = sampleGrant;
const ended = {
  ...granted,
  grant: window,
  status: 'ending' as const,
  end: { reason: 'revoked' as const, at: '2026-11-22T10:02:00.000Z', by: 'bob' },
};

/**
 * A session was used after its grant ended or after an alert revoked it. One that works is critical; a refused call is
 * low, and where the session ended by itself it is only told once a program that ran on had time to notice.
 * Any error counts as refused: services differ in whether they check the input or the permission first.
 */
export const revokedSessionUsed: TrailDetection = {
  id: 'revoked-session-used',
  severities: ['critical', 'low'],
  on: [{ uses: 'managed' }],
  remedy: 'end-sessions',
  byHand: lookAndPutRight,
  asks: ({ caller: { role, sourceIdentity: personId, userId, accessKeyId } }) => ({
    ...(role && { revokedOn: roleArnOf(role) }),
    ...(userId !== undefined &&
      personId !== undefined &&
      sourceIdentity.test(personId) && {
        mintedFor: { userId, personId, ...(accessKeyId !== undefined && { accessKeyId }) },
      }),
  }),
  judge: (event, _known, answers) => {
    const { role } = event.caller;
    const end = role && endOf(event, answers);
    if (!role || !end) return undefined;
    const { at, session, personId } = end;
    // Nobody can deny GetCallerIdentity: docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    const dryRun = event.errorCode !== undefined && wouldHaveWorked.test(event.errorCode);
    const worked = (event.errorCode === undefined || dryRun) && event.name !== 'GetCallerIdentity';
    const graceMs = !worked && end.taken ? 0 : propagationMs;
    if (Date.parse(event.at) <= Date.parse(at) + graceMs) return undefined;
    return {
      severity: worked ? 'critical' : 'low',
      role,
      about: [roleArnOf(role), session.userId, whoDid(event)],
      deed: [event.source, event.name, worked, session.accessKeyId ?? ''].join(' '),
      summary: worked
        ? `A session of ${nameOfRole(role)} that had ended worked: ${event.name} ${dryRun ? 'would have succeeded, said its dry run' : 'succeeded'}.`
        : `A session of ${nameOfRole(role)} that had ended was used: ${event.name} was answered with ${event.errorCode ?? 'who it is'}.`,
      session,
      ...(personId !== undefined && { personId }),
      facts: { 'Ended at': at },
    };
  },
  runbook: {
    means:
      'A session went on being used after its end. Critical: a call **succeeded** more than a minute after the deny. Low: a program goes on trying and gets nothing.',
    urgent: 'Critical: at once. Low: the same day; somebody should stop the program.',
    check: [
      'The deny on the role, and whether the session’s grant is in it:',
      {
        run: [
          `aws iam get-role-policy --profile production --role-name ${ordersAdmin} --policy-name AWSRevokeOlderSessions`,
        ],
      },
    ],
    mend: [
      '*Revoke* writes the deny again. Where a call still succeeds with the deny in place, it does not ask this role: a presigned URL, an open database connection, or a session that went on to another role. Revoke that role’s sessions in its account.',
    ],
    mendedWhen: 'Nothing more is added to the alert’s thread.',
  },
  samples: {
    hits: [
      { event: use(), answers: { minted: { session: sampleSession, request: ended } } },
      { event: use({ errorCode: 'AccessDenied' }), answers: { minted: { session: sampleSession, request: ended } } },
      // It may do it: only that nothing was done was asked for.
      {
        event: use({ errorCode: 'Client.DryRunOperation' }),
        answers: { minted: { session: sampleSession, request: ended } },
      },
      {
        event: use(),
        answers: {
          revoked: [
            {
              userId: String(alicesSession.principalId),
              revokedAt: '2026-11-22T10:01:00.000Z',
              coversUntil: '2026-11-22T11:00:00.000Z',
            },
          ],
        },
      },
    ],
    passes: [
      { event: use(), answers: { minted: { session: sampleSession, request: sampleGrant } } },
      {
        event: use({ eventTime: '2026-11-22T10:03:00Z' }),
        answers: { minted: { session: sampleSession, request: ended } },
      },
      // Somebody else's session of the same name.
      {
        event: use(),
        answers: { minted: { session: sampleSession, request: { ...ended, personId: 'bob' } } },
      },
    ],
  },
};
