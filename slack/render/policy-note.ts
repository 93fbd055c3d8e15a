import type { KnownBlock } from '@slack/types';
import { clip } from '#core/clip.ts';
import { commandName } from '#core/command-name.ts';
import type { PolicyTrouble } from '#ports/policy-source.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { code, context, escaped, limits, quoted, section, when } from './text.ts';

const message = (title: string, blocks: readonly KnownBlock[]): SlackMessage => ({
  text: clip(title, limits.messageText),
  blocks: [section(`*${title}*`), ...blocks],
});

const mostProblems = 5;

/** A change of the policy is not in force, and what holds instead. `again`: it was told before. */
export const policyUnreadableNote = (digest: string, trouble: PolicyTrouble, again: boolean): SlackMessage => {
  const { since, problems, inForceSince } = trouble;
  const rest = problems.length - mostProblems;
  return message(
    again
      ? '🚨 The access policy still cannot be read: what was changed in it is not in force.'
      : '🚨 The access policy was changed and cannot be read: the change is not in force.',
    [
      section(
        `Still in force: the policy ${code(digest.slice(0, 12))} of ${when(inForceSince)}. Whoever was removed from the file since may still ask, approve and use access.`,
      ),
      quoted([...problems.slice(0, mostProblems), ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n')),
      context(
        `Since ${when(since)} · ${code(`${commandName} policy validate`)} shows everything, with what to do · to stop somebody before the file is right: ${code('/access lockdown person NAME')}`,
      ),
    ],
  );
};

export const policyReadableNote = (digest: string): SlackMessage =>
  message(`✅ The access policy can be read again: ${escaped(digest.slice(0, 12))} is in force.`, []);
