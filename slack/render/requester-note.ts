import { clip } from '#core/clip.ts';
import { commandName } from '#core/command-name.ts';
import { waitingExtension } from '#core/grant/extension.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest, Extension, Interruption, LiveRequest } from '#core/request/request.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { actions, button, row } from './buttons.ts';
import { extendButton, moreUntil } from './extension-words.ts';
import { anyOf, mention } from './people.ts';
import { doneButton, unapproved } from './request-card.ts';
import { endedBecause, statusLabel, verifiedEnd, whatFor } from './request-words.ts';
import { context, escaped, limits, oneLine, quoted, section, when } from './text.ts';
import { freshVoteWords, votes, whoIsLeft } from './vote-words.ts';

/** Direct messages to the one who asked. Each is posted for one kind of event; the first two are updated afterwards. */

export const note = (request: AccessRequest, words: string, blocks: SlackMessage['blocks']): SlackMessage => ({
  text: clip(`${statusLabel(request)}: ${escaped(request.entitlementId)}. ${words}`, limits.messageText),
  blocks,
});

export const reference = (request: AccessRequest) => context(`Request \`${request.id}\``);

/** Sent when a request waits for approval; it loses its button as soon as the request no longer waits. */
export const askedNote = (policy: Policy, request: AccessRequest): SlackMessage => {
  if (request.status !== 'pending') {
    // It is not updated again, so it must not name a status that will pass.
    const words = section(`*No longer waiting*\nYou asked for ${whatFor(policy, request)}.`);
    return note(request, 'Your request no longer waits.', [words, reference(request)]);
  }
  const asked = section(`*${statusLabel(request)}*\nYou asked for ${whatFor(policy, request)}.`);
  const approvers =
    request.decision.verdict === 'needs-approval' ? anyOf(policy, request.decision.approvers) : undefined;
  return note(request, 'You asked for it.', [
    asked,
    section(`${approvers ?? 'Nobody'} can approve it. It lapses ${when(request.lapsesAt)}.`),
    row(
      'mine',
      button(actions.cancel, request.id, {
        label: 'Cancel request',
        spoken: `Take back the request for ${request.entitlementId}`,
      }),
    ),
    reference(request),
  ]);
};

/** The commands that use a live grant, as they are typed. */
const nextCommands = (
  entitlementId: string,
  appUrl: string,
): readonly [run: string, profile: string, login: string] => [
  `${commandName} exec --entitlement ${entitlementId} -- aws sts get-caller-identity`,
  `${commandName} credential-process --entitlement ${entitlementId} --for-config`,
  `${commandName} login --api ${appUrl}`,
];

/**
 * Sent when the grant's window begins, with where programs reach Daypass; says what to type next, and how it ended once
 * it has.
 */
export const liveNote = (policy: Policy, request: AccessRequest, appUrl: string): SlackMessage => {
  if (request.status !== 'active') {
    return note(request, 'It is over.', [
      section(`*${statusLabel(request)}*\nYou had ${whatFor(policy, request)}.`),
      reference(request),
    ]);
  }
  const waiting = waitingExtension(request);
  const [run, profile, login] = nextCommands(request.entitlementId, appUrl);
  return note(request, `You have it until ${when(request.grant.endsAt)}. Type: ${run}`, [
    section(`*${statusLabel(request)}*\nYou have ${whatFor(policy, request)}, until ${when(request.grant.endsAt)}.`),
    section(
      `Run something with it:\n\`\`\`${run}\`\`\`\nIn a profile of \`~/.aws/config\`, the line that this prints:\n\`\`\`${profile}\`\`\``,
    ),
    section(
      `First time on this machine? Get the command: <${appUrl}/cli>. Then \`${login}\`, and type the code it shows here: \`/access login CODE\``,
    ),
    ...unapproved(request).map((part) =>
      section(`⚠️ *No more credentials are handed out.* ${freshVoteWords(policy, part)}${whoIsLeft(policy, part)}.`),
    ),
    ...(waiting ? [section(waits(policy, request, waiting))] : []),
    row('mine', doneButton(request), ...extendButton(request)),
    reference(request),
  ]);
};

const waits = (policy: Policy, request: LiveRequest, extension: Extension): string =>
  `⏳ You asked for ${moreUntil(request, extension)} · ${votes(policy, extension)}${whoIsLeft(policy, extension)}`;

/**
 * Sent when the grant's sessions were denied with everybody's on the role; undefined where the grant is over by now.
 */
export const interruptedNote = (policy: Policy, request: AccessRequest): SlackMessage | undefined => {
  if (request.status !== 'active' || !request.interrupted) return undefined;
  return note(request, 'Take new credentials.', [
    section(`*🔁 Your credentials were ended, your grant goes on*\nYou have ${whatFor(policy, request)}.`),
    section(
      `${allSessions(request.interrupted)} ` +
        `Take new credentials: \`credential_process\` and \`${commandName} exec\` do so when they are run again.`,
    ),
    reference(request),
  ]);
};

const allSessions = ({ issuedBefore, onlyTheirs }: Interruption): string =>
  onlyTheirs
    ? `More of your sessions were revoked than the role’s policy has room for, so all of yours on it that began before ${when(issuedBefore)} were.`
    : `All sessions of the role that began before ${when(issuedBefore)} were revoked together with those of others.`;

/** Sent once when it is over, however it ended; undefined while it is not. */
export const closedNote = (policy: Policy, request: AccessRequest): SlackMessage | undefined => {
  const head = (words: string) => section(`*${statusLabel(request)}*\n${words}`);
  const what = whatFor(policy, request);
  switch (request.status) {
    case 'denied':
      return note(request, 'It was denied.', [
        head(`${mention(policy, request.deniedBy)} denied your request for ${what}.`),
        quoted(`Reason given: ${clip(oneLine(request.deniedReason), 500)}`),
        section('Talk to them, then ask again with what was missing: `/access`'),
        reference(request),
      ]);
    case 'lapsed':
      return note(request, 'Nobody answered in time.', [
        head(`Nobody answered your request for ${what} in time.`),
        section('If you still need it, tell an approver and ask again: `/access`'),
        reference(request),
      ]);
    case 'refused':
      return note(request, 'The access policy refused it.', [
        head(`The access policy no longer allows ${what}.`),
        ...(request.decision.verdict === 'refused' && request.decision.reasons.length > 0
          ? [quoted(clip(request.decision.reasons.map(oneLine).join(' '), 1000))]
          : []),
        reference(request),
      ]);
    case 'ended':
      return note(request, 'The access is over.', [
        head(
          `Your access with ${what} is over. ${endedBecause(policy, request.end)} ${when(request.end.at)}; ${verifiedEnd(request)}.`,
        ),
        section('Need it again? `/access`'),
        reference(request),
      ]);
    case 'pending':
    case 'approved':
    case 'active':
    case 'ending':
    case 'cancelled':
      return undefined;
  }
};
