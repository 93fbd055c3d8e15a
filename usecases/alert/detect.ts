import { goneOn } from '#core/detection/chained-onward.ts';
import type { Answers, Questions } from '#core/detection/detection.ts';
import type { Finding } from '#core/detection/finding.ts';
import { findingBy, lookingAt } from '#core/detection/findings.ts';
import { type Known, knownFrom, managedRole } from '#core/detection/known.ts';
import { mintOf } from '#core/detection/minted-session.ts';
import { normalise } from '#core/detection/normalise.ts';
import type { RoleAssumed, TrailEvent } from '#core/detection/trail-event.ts';
import { findingOfUnparsed } from '#core/detection/unparsed-event.ts';
import { grantTag } from '#core/grant/session-tags.ts';
import { toIso } from '#core/instant.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { isUlid } from '#core/ulid.ts';
import type { Ports } from '#ports/ports.ts';
import { type RecordChainPorts, recordChain } from '#usecases/chain/record-chain.ts';
import { raiseAlert } from './raise-alert.ts';

type DetectPorts = Pick<Ports, 'clock' | 'log' | 'metrics' | 'policy' | 'requests' | 'ledgers' | 'alerts' | 'outbox'> &
  RecordChainPorts;

/**
 * Looks at one EventBridge event that carries a CloudTrail record, and raises an alert for each finding. Events may come
 * twice, late and in any order. One that cannot be read is a finding too. Throws `StoreUnavailable`, `PolicyUnreadable`, `VersionConflict`, so that the
 * event is delivered again.
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
  const gone = goneOn(read, known);
  if (gone) await recordChain(gone, known, ports);
  const judged = lookingAt(read, known).map(async (looking) =>
    findingBy(looking, known, await answersTo(looking.questions, ports)),
  );
  const findings = (await Promise.all(judged)).filter((finding) => finding !== undefined);
  for (const finding of findings) await raiseAlert(finding, ports);
  // Clocks differ: an event of the next second is not an early judgement.
  ports.metrics.record('DetectionDelaySeconds', Math.max(0, ports.clock.nowMs() - Date.parse(read.at)) / 1000);
  return findings;
};

/** Asks the database only about managed roles and tags of ours: most assumptions in an account are none of ours. */
const knownAbout = async (event: TrailEvent, { policy, requests }: DetectPorts): Promise<Known> => {
  const known = knownFrom(await policy.current());
  const assumed = event.kind === 'role-assumed' && managedRole(known, event.role) ? event : undefined;
  // What was inherited from another session matters at every role, whoever owns it.
  const grantId = (event.kind === 'role-assumed' ? event.inherited[grantTag] : undefined) ?? assumed?.tags[grantTag];
  // A request's id is a ULID; nothing else is looked up, whatever the tag says.
  const tagged = grantId !== undefined && isUlid(grantId) ? await requests.get(grantId) : undefined;
  const forgottenMints =
    tagged && assumed && assumed.inherited[grantTag] === undefined
      ? await forgotten(tagged, assumed, requests)
      : undefined;
  return { ...known, ...(tagged && { tagged }), ...(forgottenMints && { forgottenMints }) };
};

const answersTo = async (
  { revokedOn, requestsOf }: Questions,
  { requests, ledgers }: Pick<Ports, 'requests' | 'ledgers'>,
): Promise<Answers> => {
  const [revoked, theirs] = await Promise.all([
    revokedOn === undefined ? [] : ledgers.get(revokedOn).then(({ entries }) => entries),
    requestsOf === undefined ? [] : requests.ofPerson(requestsOf),
  ]);
  return { revoked, requests: theirs };
};

/** A late event may name a mint whose session the request has forgotten. The audit forgets none, and is asked only then. */
const forgotten = async (
  tagged: AccessRequest,
  { session, sessionName }: RoleAssumed,
  requests: DetectPorts['requests'],
): Promise<string[] | undefined> => {
  if (mintOf(tagged, session?.userId ?? sessionName ?? '')) return undefined;
  const intents = (await requests.audit(tagged.id)).filter((entry) => entry.fact === 'session.intended');
  return intents.flatMap(({ detail }) => (typeof detail.mintId === 'string' ? [detail.mintId] : []));
};
