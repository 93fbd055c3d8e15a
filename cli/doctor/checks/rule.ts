import { sameDocument } from '#core/ledger/document.ts';
import type { RuleFacts } from '../facts/rules.ts';
import { failure, ok, type Verdict, warning } from '../report.ts';

/** A rule as the code describes it. */
export type WantedRule = {
  name: string;
  bus: string;
  state: string;
  pattern: Readonly<Record<string, unknown>>;
  /** How the ARN of its target ends. */
  target: string;
  retry: { maximumEventAgeSec: number; maximumRetryAttempts: number };
  /** What puts the whole rule right. */
  redo: string;
};

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * `enable-rule` makes it plain ENABLED, which does not get read-only events:
 * eb-service-event-cloudtrail-management.html
 */
const putAgain = ({ name, bus, state, pattern }: WantedRule): string =>
  `aws events put-rule --name ${name} --event-bus-name ${bus} --state ${state} --event-pattern ${quoted(JSON.stringify(pattern))}`;

/** Whether a rule is there, listens to what it should and hands on to whom it should. */
export const judgeRule = (wanted: WantedRule, facts: RuleFacts): Verdict => {
  if (!facts.exists) return failure(`There is no such rule on the bus ${wanted.bus}.`, wanted.redo);
  const { state, pattern, targets } = facts;
  if (state !== wanted.state) {
    const why =
      state === 'DISABLED'
        ? 'It is disabled: what it waits for goes unseen.'
        : `It is ${state}, not ${wanted.state}: it does not get read-only events, and AssumeRole is one.`;
    return failure(why, putAgain(wanted));
  }
  if (!sameDocument(JSON.stringify(wanted.pattern), pattern)) {
    return failure('Its pattern is not the one of this version of Daypass.', wanted.redo);
  }
  const target = targets.find(({ arn }) => arn.endsWith(wanted.target));
  if (!target) {
    const now = targets.map(({ arn }) => arn).join(', ') || 'nobody';
    return failure(`It hands on to ${now}, not to ${wanted.target.replace(/^:/, '')}.`, wanted.redo);
  }
  const { retry } = wanted;
  if (
    target.maximumRetryAttempts !== retry.maximumRetryAttempts ||
    target.maximumEventAgeSec !== retry.maximumEventAgeSec
  ) {
    return warning('Its target is not retried as often as it should be.', wanted.redo);
  }
  return ok(
    `${state === 'ENABLED' ? 'enabled' : 'gets read-only events too'}, hands on to ${wanted.target.split(':').at(-1)}`,
  );
};
