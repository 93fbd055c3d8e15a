import { roleArnOf, sameRole } from '#core/aws-role.ts';
import { commandName } from '#core/command-name.ts';
import { accessEndsAt } from '#core/grant/grant.ts';
import { entitlementTag, grantTag } from '#core/grant/session-tags.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { type GoneOn, goneOn, unexplainedStep } from './chained-onward.ts';
import { foundSession, nameOfCaller, nameOfRole, whoDid } from './describe.ts';
import { lookAndPutRight, type TrailDetection } from './detection.ts';
import { isOneOf, type Known } from './known.ts';
import { embeddedIn } from './minted-session.ts';
import {
  admin,
  alicesTags,
  assumption,
  mintFunction,
  ordersAdmin,
  sampleGrant,
  sampleSession,
} from './sample-world.ts';
import type { RoleAssumed } from './trail-event.ts';

/** CloudTrail's clock and ours differ, and it counts whole seconds. */
const toleranceMs = 60_000;

const grantedAt = (request: AccessRequest, at: string): boolean => {
  if (!('grant' in request)) return false;
  const atMs = Date.parse(at);
  return (
    atMs >= Date.parse(request.grant.startsAt) - toleranceMs && atMs <= Date.parse(accessEndsAt(request)) + toleranceMs
  );
};

/**
 * Whether Daypass meant to make this session: the intent is saved before STS is asked, and the session's name ends with
 * its id.
 */
const isIntended = ({ session, sessionName }: RoleAssumed, request: AccessRequest, known: Known): boolean => {
  const name = session?.userId ?? sessionName;
  if (name === undefined) return false;
  return known.intended?.requestId === request.id || embeddedIn(request, name) !== undefined;
};

/** `late`: it was a grant's, at another time than the grant was live. */
type Unexplained = { because: string; late?: true } | undefined;

/** The same for a session that went on from one of the grant's: nobody minted it, and its name means nothing. */
const unexplainedChain = (gone: GoneOn, known: Known): Unexplained => {
  const because = unexplainedStep(gone, gone.event.role, known);
  if (because !== undefined) return { because };
  if (grantedAt(gone.request, gone.event.at)) return undefined;
  return { because: 'the grant from which it went on was not live at that time', late: true };
};

/** Why no grant explains the assumption; undefined where one does. */
const unexplained = (event: RoleAssumed, known: Known): Unexplained => {
  const gone = goneOn(event, known);
  if (gone) return unexplainedChain(gone, known);
  const grantId = event.tags[grantTag];
  if (grantId === undefined) return { because: 'the session carries no grant' };
  const request = known.tagged;
  if (!request || request.id !== grantId) return { because: 'the grant it names does not exist' };
  if (request.personId !== event.sourceIdentity) return { because: 'the grant it names is somebody else’s' };
  if (!sameRole(request, event.role)) return { because: 'the grant it names is for another role' };
  if (event.tags[entitlementTag] !== request.entitlementId) return { because: 'its tags are not those of the grant' };
  if (!isOneOf(known.minters, event.caller)) return { because: 'it was not Daypass that assumed it' };
  if (!isIntended(event, request, known)) return { because: 'Daypass never meant to mint it' };
  if (!grantedAt(request, event.at)) return { because: 'the grant it names was not live at that time', late: true };
  return undefined;
};

const mint = assumption(mintFunction, ordersAdmin, { sourceIdentity: 'alice', tags: alicesTags });

/**
 * A managed role was assumed and no approved grant stands behind it. Revoke names the session by its `aws:userid`: its
 * grant tag may be forged, and the grant's own sessions must not suffer for it.
 */
export const assumedWithoutGrant: TrailDetection = {
  id: 'assumed-without-grant',
  severities: ['critical', 'high'],
  on: [{ assumptions: 'managed' }],
  remedy: 'end-sessions',
  byHand: lookAndPutRight,
  judge: (event, known) => {
    const reason = event.kind === 'role-assumed' ? unexplained(event, known) : undefined;
    if (event.kind !== 'role-assumed' || !reason) return undefined;
    const { role, session, caller } = event;
    return {
      severity: reason.late ? 'high' : 'critical',
      role,
      about: [roleArnOf(role), session?.userId ?? '', whoDid(event)],
      ...(session?.accessKeyId !== undefined && { deed: session.accessKeyId }),
      summary: `${nameOfRole(role)} was assumed by ${nameOfCaller(caller)}, and no grant explains it: ${reason.because}.`,
      ...foundSession(event),
      ...(reason.late && known.tagged && { personId: known.tagged.personId }),
      facts: { Why: reason.because },
    };
  },
  runbook: {
    means:
      'A managed role was assumed, and no approved grant explains it. The card says why: no grant tag, somebody else’s grant, another role, not minted by Daypass, or (high instead of critical) a grant that was not live at that time.',
    urgent: 'At once.',
    check: [
      'The person or role that did it, on the card. What the session did since:',
      {
        run: [
          "aws cloudtrail lookup-events --profile production --lookup-attributes AttributeKey=AccessKeyId,AttributeValue=ASIA_OF_THE_CARD --query 'Events[].[EventTime,EventSource,EventName]' --output table",
        ],
      },
    ],
    mend: [
      `*Revoke* unless you know better: it denies this session and nobody else’s. Then find out how it was possible: the role’s trust lets in more than the hub (\`${commandName} doctor\`), or the hub’s function \`mint-credentials\` was used past Daypass.`,
    ],
    mendedWhen: `The card says that the deny was read back, and \`${commandName} doctor\` finds the trust as it should be.`,
  },
  samples: {
    hits: [
      { event: assumption(admin, ordersAdmin, { roleSessionName: 'oops' }) },
      { event: assumption({ type: 'AWSService', invokedBy: 'lambda.amazonaws.com' }, ordersAdmin) },
      // Its tags are a live grant's, and it was not Daypass that asked for them.
      {
        event: assumption(admin, ordersAdmin, { sourceIdentity: 'alice', tags: alicesTags }),
        known: { tagged: sampleGrant, intended: sampleSession },
      },
      // Nothing is on record of it.
      { event: mint, known: { tagged: sampleGrant } },
      {
        event: mint,
        known: {
          intended: sampleSession,
          tagged: {
            ...sampleGrant,
            status: 'ending',
            end: { reason: 'done', at: '2026-11-22T10:02:00.000Z', by: 'alice' },
          },
        },
      },
    ],
    passes: [
      { event: mint, known: { tagged: sampleGrant, intended: sampleSession } },
      { event: assumption(admin, 'build-agent', { roleSessionName: 'oops' }) },
    ],
  },
};
