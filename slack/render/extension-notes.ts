import { clip } from '#core/clip.ts';
import { commandName } from '#core/command-name.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest, Extension, LiveRequest } from '#core/request/request.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { howMuchMore, moreOf } from './extension-words.ts';
import { anyOf, mention } from './people.ts';
import { whatIn } from './request-words.ts';
import { note, reference } from './requester-note.ts';
import { code, context, limits, oneLine, quoted, section, when } from './text.ts';
import { approvals } from './vote-words.ts';

/** What somebody reads of their own ask for more time. */

const newCredentials =
  `Take new credentials: \`credential_process\` and \`${commandName} exec\` do so by themselves when they are run again. ` +
  'Credentials that were handed out before keep their old end.';

/**
 * Sent once to the requester when an extension is answered; undefined while it waits, and where the grant is over
 * already.
 */
export const extensionNote = (
  policy: Policy,
  request: AccessRequest,
  extension: Extension,
): SlackMessage | undefined => {
  switch (extension.status) {
    case 'waiting':
      return undefined;
    case 'granted': {
      if (request.status !== 'active') return undefined;
      const by = approvals(policy, extension);
      const until = when(request.grant.endsAt);
      return note(request, `Extended: you have it until ${until}. Take new credentials.`, [
        section(
          `*🟢 Extended*\nYou have ${whatIn(policy, request)} until ${until}.${by && ` ${by} approved ${howMuchMore(request, extension)}.`}`,
        ),
        section(newCredentials),
        reference(request),
      ]);
    }
    case 'denied':
      return note(request, 'More time was denied.', [
        section(
          `*⛔ More time denied*\n${mention(policy, extension.deniedBy)} denied ${howMuchMore(request, extension)} of ${whatIn(policy, request)}.`,
        ),
        quoted(`Reason given: ${clip(oneLine(extension.deniedReason), 500)}`),
        ...(request.status === 'active'
          ? [section(`The grant goes on until ${when(request.grant.endsAt)}. Talk to them before you ask again.`)]
          : []),
        reference(request),
      ]);
  }
};

/** The immediate answer to whoever asked in one line. */
export const extensionAnswer = (policy: Policy, request: LiveRequest, extension: Extension): SlackMessage => {
  if (extension.status !== 'waiting') {
    const words = `✅ Extended: you have ${whatIn(policy, request)} until ${when(request.grant.endsAt)}.`;
    return { text: clip(words, limits.messageText), blocks: [section(words), context(newCredentials)] };
  }
  const approvers =
    extension.decision.verdict === 'needs-approval' ? anyOf(policy, extension.decision.approvers) : undefined;
  const words = `⏳ Asked for ${moreOf(policy, request, extension)}.`;
  return {
    text: clip(words, limits.messageText),
    blocks: [
      section(
        `${words} ${approvers ?? 'Nobody'} can approve; it stands under the card in <#${policy.slack.cardsChannel}>.`,
      ),
      context(`Until then your grant ends as it did: ${when(request.grant.endsAt)} · ${code(request.id)}`),
    ],
  };
};
