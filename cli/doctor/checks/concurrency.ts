import { endingFunctions } from '#deploy/hub/functions.ts';
import type { Concurrency } from '../facts/concurrency.ts';
import { ok, type Verdict, warning } from '../report.ts';

/** Of a new account: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ofNewAccount = 10;
/**
 * AWS keeps as many for the functions that have nothing set aside:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const leftUnreserved = 100;

/** Whether a flood of whatever talks can keep waiting what ends access: all functions share what the account runs. */
export const judgeConcurrency = ({ atOnce, unreserved }: Concurrency): Verdict => {
  if (atOnce === undefined || unreserved === undefined) {
    return warning('AWS does not say how many functions the hub runs at once.', 'Look at Lambda in Service Quotas.');
  }
  const quota = `The hub runs ${atOnce} functions at once`;
  if (atOnce <= ofNewAccount) {
    return warning(
      `${quota}, as a new account does: a burst of requests keeps ends of access waiting.`,
      'Ask for 1,000 in Service Quotas (Lambda, Concurrent executions).',
    );
  }
  const room = unreserved - leftUnreserved;
  const each = Math.floor(room / endingFunctions);
  if (each < 1) return ok(`${quota}; none of that can be set aside for what ends access.`);
  return ok(
    `${quota}. Up to ${each} can be set aside for each function that ends access: --param ending-concurrency=N.`,
  );
};
