import type { KnownBlock } from '@slack/types';
import type { Alert, AlertAnswer } from '#core/alert/alert.ts';
import { mayHaveMore, timesSeen } from '#core/alert/fold.ts';
import { isRevocable, remedyOf } from '#core/alert/remedy.ts';
import type { Severity } from '#core/alert/severity.ts';
import { clip } from '#core/clip.ts';
import { lookAndPutRight } from '#core/detection/detection.ts';
import { detectionNamed } from '#core/detection/registry.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { actions, button, row } from './buttons.ts';
import { mention } from './people.ts';
import { accountName } from './request-words.ts';
import { code, context, inert, limits, mrkdwn, oneLine, quoted, section, when } from './text.ts';

const severityLabel: Readonly<Record<Severity, string>> = {
  low: '🔵 Low',
  medium: '🟡 Medium',
  high: '🟠 High',
  critical: '🔴 Critical',
};

const statusLabel = (alert: Alert): string => {
  switch (alert.status) {
    case 'open':
      return 'open';
    case 'answered':
      return alert.failure ? 'answered, but it could not be done yet' : 'answered';
    case 'closed':
      return 'closed';
  }
};

/**
 * The card of an alert: posted once in the alerts channel, then updated in place. Everything from CloudTrail is
 * hostile.
 */
export const alertCard = (policy: Policy, alert: Alert): SlackMessage => ({
  text: clip(
    `${severityLabel[alert.severity]} alert (${statusLabel(alert)}): ${inert(alert.first.summary, 500)}`,
    limits.messageText,
  ),
  blocks: [
    section(`*${severityLabel[alert.severity]} alert* · ${statusLabel(alert)} · ${code(alert.detection)}`),
    quoted(clip(oneLine(alert.first.summary), 1000)),
    facts(policy, alert),
    ...held(alert),
    ...state(policy, alert),
    context(`${seen(alert)} · ${code(alert.id)}`),
    ...buttons(alert),
  ],
});

const seen = (alert: Alert): string =>
  alert.count === 1
    ? `Seen once, ${when(alert.first.at)}`
    : `Seen ${timesSeen(alert)} times, last ${when(alert.lastSeenAt)}`;

/** What an alert says that holds everything beyond those that were raised one by one. */
const held = ({ first, callers = [], ...alert }: Alert): KnownBlock[] => {
  if (first.holds === undefined) return [];
  const whose = first.holds === 'further of caller' ? ' by this caller' : '';
  return [
    section(
      `⚠️ There were too many alerts like this about this role${whose} within an hour, so this one holds all further ones: ${timesSeen(alert)}, the first ${when(first.at)}. The facts above are those of the first.`,
    ),
    quoted(`By: ${clip(callers.map((caller) => clip(oneLine(caller), 120)).join(', '), 1000)}`),
  ];
};

const facts = (policy: Policy, { first }: Alert): KnownBlock => {
  const fields = [
    `*Role*\n${code(first.roleArn)}`,
    `*Account*\n${accountName(policy, first.accountId)}`,
    `*When*\n${when(first.at)}`,
    ...(first.personId === undefined ? [] : [`*Whose grant*\n${mention(policy, first.personId)}`]),
    ...(first.session === undefined ? [] : [`*Session*\n${code(first.session.userId)}`]),
  ];
  return { type: 'section', fields: fields.map((field) => mrkdwn(field, limits.sectionField)) };
};

const answered = (policy: Policy, answer: AlertAnswer): string => {
  const who = answer.by === undefined ? 'The policy' : mention(policy, answer.by);
  switch (answer.action) {
    case 'revoke':
      return `${who} chose Revoke ${when(answer.at)}`;
    case 'expected':
      return `${who} chose Expected ${when(answer.at)}`;
    case 'unanswered':
      return `Nobody answered in time ${when(answer.at)}`;
  }
};

const state = (policy: Policy, alert: Alert): KnownBlock[] => {
  switch (alert.status) {
    case 'open':
      return [section(nextStep(alert))];
    case 'answered':
      return [
        section(`${answered(policy, alert.answer)} · being done`),
        ...(alert.failure
          ? [
              section(
                `🚨 It could not be done (${when(alert.failure.at)}). Daypass goes on trying; look at the role yourself if it is urgent.`,
              ),
              quoted(`Last error: ${clip(oneLine(alert.failure.error), 500)}`),
            ]
          : []),
      ];
    case 'closed':
      return [
        section(`${answered(policy, alert.answer)} · done ${when(alert.closedAt)}`),
        quoted(clip(oneLine(alert.result), 1000)),
      ];
  }
};

const nextStep = (alert: Alert): string => {
  switch (remedyOf(alert)) {
    case 'end-sessions':
      if (mayHaveMore(alert)) {
        return 'Revoke denies every session of the role that began before, since there are more than this alert keeps; grants go on, and mint again. Expected closes the alert and is kept with your name.';
      }
      return 'Revoke denies exactly these sessions and nobody else’s. Expected closes the alert and is kept with your name.';
    case 'end-ungranted':
      return 'Revoke denies every session of the role that carries no grant; grants go on. Daypass does not write trust policies: that is put right in the account. Expected closes the alert and is kept with your name.';
    case 'restore-deny':
      return 'Revoke writes the deny policy again as Daypass knows it. Expected closes the alert and is kept with your name.';
    case 'nothing':
      return `${detectionNamed(alert.detection)?.byHand ?? lookAndPutRight}, then press Expected to close the alert.`;
  }
};

const buttons = (alert: Alert): KnownBlock[] => {
  const about = alert.detection;
  const details = button(actions.showAlert, alert.id, { label: 'Details', spoken: `Details of the alert ${about}` });
  if (alert.status !== 'open') return [row('alert', details)];
  const revoke = button(actions.revokeAlert, alert.id, {
    label: 'Revoke',
    spoken: `Revoke: act on the alert ${about}`,
    style: 'danger',
    confirm: {
      title: 'Revoke?',
      text: 'Sessions that are denied cannot be brought back. The card says which ones.',
      yes: 'Revoke',
    },
  });
  const expected = button(actions.expectAlert, alert.id, {
    label: 'Expected',
    spoken: `Expected: close the alert ${about}`,
  });
  return [row('alert', ...(isRevocable(alert) ? [revoke] : []), expected, details)];
};

/** A reply in the alert's thread: it was seen again. */
export const repeatReply = (alert: Alert): SlackMessage => {
  const newest = alert.newest.at(-1) ?? alert.first;
  return {
    text: `Seen again (${timesSeen(alert)} times by now): ${inert(newest.summary, 500)}`,
    blocks: [
      section(`Seen again ${when(newest.at)}, ${timesSeen(alert)} times by now`),
      quoted(clip(oneLine(newest.summary), 1000)),
    ],
  };
};
