import { progressOf, tallyOf } from '#core/lockdown/tally.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { LockdownDetail } from '#events/define.ts';
import type { Ports } from '#ports/ports.ts';
import type { SlackMessage } from '#slack/ports.ts';
import {
  finishedReply,
  liftedReply,
  lockdownCard,
  progressReply,
  type ShownLockdown,
} from '#slack/render/lockdown-card.ts';
import { keepShown } from './keep-shown.ts';
import { type NoticePorts, postOnce } from './post-once.ts';
import { subjects } from './subjects.ts';

type LockdownPorts = NoticePorts & Pick<Ports, 'policy' | 'lockdowns' | 'requests'>;
export type LockdownEvent = 'lockdown.begun' | 'lockdown.progressed' | 'lockdown.finished' | 'lockdown.lifted';

/** Named on the card; the rest is counted. */
const mostNamed = 10;

/** Brings the lockdown's card in the alerts channel up to date, and tells its thread how far it is. Throws `SlackUnavailable`. */
export const showLockdown = async (
  name: LockdownEvent,
  { lockdownId, eventId }: LockdownDetail,
  ports: LockdownPorts,
): Promise<void> => {
  const policy = await ports.policy.current();
  const to = policy.slack.alertsChannel;
  const read = () => shownLockdown(policy, lockdownId, ports);
  const card = await keepShown(
    {
      subject: subjects.lockdown(lockdownId),
      to,
      read,
      render: (state) => lockdownCard(policy, state),
      isWanted: () => true,
    },
    ports,
  );
  const shown = await read();
  const reply = shown && replyTo(name, policy, shown);
  // Two events may say the same progress, and each is told as it stands by now.
  const told = name === 'lockdown.progressed' ? `${lockdownId}.progress.${shown?.version}` : eventId;
  if (card && reply) await postOnce(`lockdown-told:${told}`, to, reply, ports, { threadTs: card.ts });
};

const replyTo = (name: LockdownEvent, policy: Policy, shown: ShownLockdown): SlackMessage | undefined => {
  switch (name) {
    case 'lockdown.begun':
      return undefined;
    case 'lockdown.progressed':
      return progressReply(shown);
    case 'lockdown.finished':
      return finishedReply(shown);
    case 'lockdown.lifted':
      return liftedReply(policy, shown);
  }
};

/** More than the hits of one lockdown can ever come to, so that either moves the version on. */
const mostProgress = 1_000_000;

const shownLockdown = async (
  policy: Policy,
  lockdownId: string,
  { lockdowns, requests }: LockdownPorts,
): Promise<ShownLockdown | undefined> => {
  const [lockdown, hits] = await Promise.all([lockdowns.get(lockdownId), lockdowns.hits(lockdownId)]);
  if (!lockdown) return undefined;
  const tally = tallyOf(hits);
  const named = async (subject: string): Promise<string> => {
    const request = subject.startsWith('arn:') ? undefined : await requests.get(subject);
    if (!request) return subject;
    return `${nameOf(policy, request.personId)}: ${request.entitlementId} (${request.roleName} in ${request.accountId}), ${subject}`;
  };
  return {
    version: lockdown.version * mostProgress + progressOf(hits),
    lockdown,
    tally,
    failures: await Promise.all(tally.failed.slice(0, mostNamed).map(named)),
  };
};
