import type { Policy } from '#core/policy/policy.ts';
import type { PolicyTrouble } from '#ports/policy-source.ts';
import { policyReadableNote, policyUnreadableNote } from '#slack/render/policy-note.ts';
import { type PostPorts, post } from './post-once.ts';

/** `again`: it was told before. */
export type PolicyNotice = { kind: 'unreadable'; trouble: PolicyTrouble; again: boolean } | { kind: 'readable' };

/** Tells those who get the alerts of the policy in force. Throws `SlackUnavailable`. */
export const tellOfPolicy = async (
  { digest, slack }: Pick<Policy, 'digest' | 'slack'>,
  notice: PolicyNotice,
  ports: PostPorts,
): Promise<void> => {
  const note =
    notice.kind === 'readable'
      ? policyReadableNote(digest)
      : policyUnreadableNote(digest, notice.trouble, notice.again);
  await post('policy', slack.alertsChannel, note, ports);
};
