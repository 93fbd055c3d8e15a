import { canaryRoleName } from '#core/aws-role.ts';
import { goneOn } from '#core/detection/chained-onward.ts';
import type { Answers, Questions } from '#core/detection/detection.ts';
import type { Finding } from '#core/detection/finding.ts';
import { findingBy, lookingAt } from '#core/detection/findings.ts';
import { type Known, knownFrom, managedRole } from '#core/detection/known.ts';
import { mintNamedBy } from '#core/detection/minted-session.ts';
import { normalise } from '#core/detection/normalise.ts';
import type { TrailEvent } from '#core/detection/trail-event.ts';
import { findingOfUnparsed } from '#core/detection/unparsed-event.ts';
import { grantTag } from '#core/grant/session-tags.ts';
import { toIso } from '#core/instant.ts';
import { deniesAnybody } from '#core/ledger/ledger.ts';
import { isUlid } from '#core/ulid.ts';
import type { Ports } from '#ports/ports.ts';
import { type RecordChainPorts, recordChain } from '#usecases/chain/record-chain.ts';
import { findMinted } from './find-minted.ts';
import { raiseAlert } from './raise-alert.ts';

type DetectPorts = Pick<
  Ports,
  'clock' | 'log' | 'metrics' | 'policy' | 'requests' | 'sessions' | 'ledgers' | 'alerts' | 'outbox' | 'canaries'
> &
  RecordChainPorts;

/**
 * Looks at one EventBridge event that carries a CloudTrail record, and raises an alert for each finding. Events may
 * come twice, late and in any order. One that cannot be read is a finding too. Throws `StoreUnavailable`,
 * `PolicyUnreadable`, `VersionConflict`, so that the event is delivered again.
 */
export const detect = async (event: unknown, ports: DetectPorts): Promise<Finding[]> => {
  const read = normalise(event);
  if ('unparsed' in read) {
    ports.metrics.record('UnparsedEvents', 1);
    ports.log.warn('A CloudTrail event could not be read.', { eventId: read.eventId, because: read.unparsed });
    const finding = findingOfUnparsed(read, toIso(ports.clock.nowMs()));
    await raiseAlert(finding, ports);
    return [finding];
  }
  const known = await knownAbout(read, ports);
  const judged = lookingAt(read, known).map(async (looking) =>
    findingBy(looking, known, await answersTo(looking.questions, ports)),
  );
  const findings = (await Promise.all(judged)).filter((finding) => finding !== undefined);
  const gone = goneOn(read, known);
  await each([
    () => heedCanary(read, ports),
    ...(gone ? [() => recordChain(gone, known, ports)] : []),
    ...findings.map((finding) => () => raiseAlert(finding, ports)),
  ]);
  // Clocks differ: an event of the next second is not an early judgement.
  ports.metrics.record('DetectionDelaySeconds', Math.max(0, ports.clock.nowMs() - Date.parse(read.at)) / 1000);
  return findings;
};

/**
 * Somebody took the role that may do nothing, to see whether that is told here. The copy of the role's own account
 * counts: the caller's comes from the hub itself, and has gone no way.
 */
const heedCanary = async (event: TrailEvent, { canaries, clock }: DetectPorts): Promise<void> => {
  if (event.kind !== 'role-assumed' || event.errorCode !== undefined || event.sessionName === undefined) return;
  const { role, sessionName, at } = event;
  if (role.roleName !== canaryRoleName || role.accountId !== event.accountId) return;
  await canaries.arrived({ accountId: role.accountId, sessionName, at, arrivedAt: toIso(clock.nowMs()) });
};

/** One after the other, whatever becomes of those before. Throws what the first that failed threw. */
const each = async (steps: readonly (() => Promise<unknown>)[]): Promise<void> => {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
};

/** Asks the database only about managed roles and tags of ours: most assumptions in an account are none of ours. */
const knownAbout = async (event: TrailEvent, { policy, requests, sessions }: DetectPorts): Promise<Known> => {
  const known = knownFrom(await policy.current());
  const assumed = event.kind === 'role-assumed' && managedRole(known, event.role) ? event : undefined;
  // What was inherited from another session matters at every role, whoever owns it.
  const inherited = event.kind === 'role-assumed' ? event.inherited[grantTag] : undefined;
  const grantId = inherited ?? assumed?.tags[grantTag];
  // A request's id is a ULID; nothing else is looked up, whatever the tag says.
  if (grantId === undefined || !isUlid(grantId)) return known;
  const mintId = assumed && inherited === undefined ? mintNamedBy(assumed) : undefined;
  const [tagged, intended] = await Promise.all([
    requests.get(grantId),
    mintId === undefined ? undefined : sessions.byMintId(mintId),
  ]);
  return { ...known, ...(tagged && { tagged }), ...(intended && { intended }) };
};

const answersTo = async (
  { revokedOn, mintedFor }: Questions,
  ports: Pick<Ports, 'requests' | 'sessions' | 'ledgers'>,
): Promise<Answers> => {
  const [ledger, minted] = await Promise.all([
    revokedOn === undefined ? undefined : ports.ledgers.get(revokedOn),
    mintedFor === undefined ? undefined : findMinted(mintedFor, ports),
  ]);
  const denies = ledger && ledger.version > 0 ? { denies: deniesAnybody(ledger) } : {};
  return { revoked: ledger?.entries ?? [], ...denies, minted };
};
