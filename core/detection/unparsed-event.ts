import { clip } from '#core/clip.ts';
import { callerKey, nameOfCaller, whoDid } from './describe.ts';
import { type Described, dedupKeyOf } from './detection.ts';
import type { Finding } from './finding.ts';
import type { Unparsed } from './trail-event.ts';

/**
 * An event that a rule let through and nobody could read: people should know, since it may hide what a detection looks
 * for. CloudTrail leaves out what is larger than 100 KB, so anybody can make their own change of a role unreadable:
 * that is high, and one caller's is never told under another's.
 */
export const unparsedEvent: Described = {
  id: 'unparsed-event',
  severities: ['high', 'low'],
  remedy: 'nothing',
  byHand: 'Nobody could read this event: look it up in CloudTrail by its id, which Details shows',
  runbook: {
    means:
      'A rule let a CloudTrail event through and nobody could read it, so no detection looked at it. High where it is a change of a role that CloudTrail left out for its size: anybody can make their own change that long.',
    urgent: 'High: at once. Low: the same day.',
    check: [
      'The event, by the id on the card:',
      {
        run: [
          "aws cloudtrail lookup-events --profile production --lookup-attributes AttributeKey=EventId,AttributeValue=EVENT_ID --query 'Events[].CloudTrailEvent' --output text",
        ],
      },
    ],
    mend: [
      'Judge it yourself, as the detection of its kind would. A service whose events are often unreadable is a mistake of Daypass: keep the event.',
    ],
    mendedWhen: 'You know what the call did, and have answered the alert with Expected.',
  },
};

export const findingOfUnparsed = ({ unparsed, eventId, accountId, at, change }: Unparsed, nowAt: string): Finding => {
  const about = { detection: unparsedEvent.id, at: at ?? nowAt, eventId, accountId, roleArn: 'unknown' };
  const dedupKey = dedupKeyOf(unparsedEvent, [accountId, unparsed]);
  const summary = `A CloudTrail event of account ${accountId} could not be read: ${unparsed}`;
  const facts = { Why: unparsed, 'Event id': eventId };
  if (!change) return { ...about, severity: 'low', dedupKey, summary: `${summary}.`, facts };
  const { name, caller } = change;
  return {
    ...about,
    severity: 'high',
    dedupKey: `${dedupKey}:${name}:${whoDid({ caller })}`,
    by: callerKey(caller),
    summary: `${summary} (${name} by ${nameOfCaller(caller)}).`,
    facts: { Call: `iam:${name}`, Caller: clip(caller.arn ?? nameOfCaller(caller), 256), ...facts },
  };
};
