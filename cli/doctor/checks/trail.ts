import type { TrailFacts } from '../facts/trails.ts';
import { failure, ok, type Verdict, warning } from '../report.ts';

const create =
  'Create a multi-region trail that logs all management events, read and write: without it EventBridge gets no CloudTrail events.';

const serves = ({ isLogging, takes }: TrailFacts): boolean => isLogging && takes?.reads === true && takes.writes;

/**
 * Whether a trail makes CloudTrail's events reach EventBridge:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export const judgeTrails = (trails: readonly TrailFacts[]): Verdict => {
  const good = trails.filter(serves);
  const everywhere = good.find(({ isMultiRegion }) => isMultiRegion);
  if (everywhere) return ok(`${everywhere.name} logs all management events of every region.`);
  const [partial] = good;
  if (partial) {
    return warning(
      `${partial.name} logs management events of ${partial.homeRegion} alone: what happens elsewhere raises no alert.`,
      `aws cloudtrail update-trail --name ${partial.name} --is-multi-region-trail`,
    );
  }
  const stopped = trails.find(({ isLogging }) => !isLogging);
  if (stopped) {
    return failure(
      `The trail ${stopped.name} has been stopped, so no alert can come.`,
      `aws cloudtrail start-logging --name ${stopped.name}`,
    );
  }
  const unknown = trails.find(({ takes }) => takes === undefined);
  if (unknown) {
    return warning(
      `${unknown.name} logs; which events it takes can only be seen in the account that owns it.`,
      'See there that it takes management events, read and write.',
    );
  }
  const [narrow] = trails;
  if (!narrow) return failure('No trail records this account.', create);
  const lacks = narrow.takes?.writes
    ? 'reads, and AssumeRole is one'
    : narrow.takes?.reads
      ? 'writes'
      : 'management events';
  return failure(
    `The trail ${narrow.name} leaves out ${lacks}.`,
    `aws cloudtrail put-event-selectors --trail-name ${narrow.name} --event-selectors '[{"ReadWriteType":"All","IncludeManagementEvents":true}]'`,
  );
};
