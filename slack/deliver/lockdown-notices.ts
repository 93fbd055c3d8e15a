import { type LockdownSubject, subjectText } from '#core/lockdown/subject.ts';
import { failedIn, progressOf, tallyOf } from '#core/lockdown/tally.ts';
import { nameOf } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { LockdownDetail } from '#events/events.ts';
import type { LockdownNotice } from '#events/routing.ts';
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
import { tellFreed, tellHit } from './lockdown-people.ts';
import { type LossPorts, tellingOfLoss } from './lost-channel.ts';
import { postOnce } from './post-once.ts';
import { once, showEach } from './show-each.ts';
import { subjects } from './subjects.ts';

type LockdownPorts = LossPorts & Pick<Ports, 'lockdowns' | 'requests'>;

/** Named on the card; the rest is counted. */
const mostNamed = 10;

/**
 * Shows of the lockdown what the event asks for: its card as it is now, and how far it is by a reply, once. Throws
 * `SlackUnavailable`.
 */
export const showLockdown = async (
  notices: readonly LockdownNotice[],
  { lockdownId, eventId }: LockdownDetail,
  ports: LockdownPorts,
): Promise<void> => {
  const policy = await ports.policy.current();
  const to = policy.slack.alertsChannel;
  const card = once(() =>
    keepShown(
      () => shownLockdown(policy, lockdownId, ports),
      {
        subject: subjects.lockdown(lockdownId),
        to: () => to,
        render: (state) => lockdownCard(policy, state),
        isWanted: () => true,
        urgency: 'alert',
        isNeeded: true,
      },
      ports,
    ),
  );
  const reply = async (render: (state: ShownLockdown) => SlackMessage, told: (state: ShownLockdown) => string) => {
    const { state, posted } = (await card()) ?? {};
    if (!posted || !state) return;
    await postOnce(`lockdown-told:${told(state)}`, to, render(state), ports, { threadTs: posted.ts });
  };
  await showEach(notices, {
    card: () => tellingOfLoss(to, card, ports),
    // Two events may say the same progress, and each is told as it stands by now.
    progress: () => reply(progressReply, ({ version }) => `${lockdownId}.progress.${version}`),
    finish: () => reply(finishedReply, () => eventId),
    hit: async () => {
      const lockdown = await ports.lockdowns.get(lockdownId);
      if (lockdown?.scope.kind === 'person') await tellHit(policy, lockdownId, lockdown.scope.personId, ports);
    },
    freed: async () => {
      const lockdown = await ports.lockdowns.get(lockdownId);
      if (lockdown) await tellFreed(policy, lockdown, ports);
    },
    lift: () =>
      reply(
        (state) => liftedReply(policy, state),
        () => eventId,
      ),
  });
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
  const named = async (subject: LockdownSubject): Promise<string> => {
    const request = subject.kind === 'request' ? await requests.get(subject.requestId) : undefined;
    if (!request) return subjectText(subject);
    return `${nameOf(policy, request.personId)}: ${request.entitlementId} (${request.roleName} in ${request.accountId}), ${request.id}`;
  };
  return {
    version: lockdown.version * mostProgress + progressOf(hits),
    lockdown,
    tally,
    failures: await Promise.all(failedIn(hits).slice(0, mostNamed).map(named)),
  };
};
