import type { Answers } from '#core/detection/detection.ts';
import type { Finding } from '#core/detection/finding.ts';
import { findingBy, lookingAt } from '#core/detection/findings.ts';
import { type Known, knownFrom } from '#core/detection/known.ts';
import { mintNamedBy } from '#core/detection/minted-session.ts';
import { normalise } from '#core/detection/normalise.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { policy, session } from '#test/fixtures/alert-world.ts';

/**
 * What is known and stored beside the sample policy; `minted` is the request of the caller's session. The session of
 * the fixtures is on record for whoever asks.
 */
type Given = Partial<Known> & { minted?: AccessRequest; revoked?: Answers['revoked'] };

/** What the detections find in an event, under the sample policy and whatever else is known. */
export const found = (event: unknown, { minted, revoked = [], ...known }: Given = {}): Finding[] => {
  const read = normalise(event);
  if ('unparsed' in read) throw new Error(read.unparsed);
  const isMint = read.kind === 'role-assumed' && mintNamedBy(read) === session.mintId;
  const all = { ...knownFrom(policy), ...(isMint && { intended: session }), ...known };
  const answers = { revoked, ...(minted && { minted: { session, request: minted } }) };
  return lookingAt(read, all).flatMap((looking) => findingBy(looking, all, answers) ?? []);
};

export const brief = (event: unknown, given?: Given): string[] =>
  found(event, given).map(({ detection, severity }) => `${detection} ${severity}`);
