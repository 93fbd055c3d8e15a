import { accountArnOf } from '#core/aws-arn.ts';
import { conditionValues, parsedDocument, principalsOf, statementsOf } from '#core/iam-document.ts';
import { failure, ok, type Verdict, warning } from '../report.ts';

type Statement = ReturnType<typeof statementsOf>[number];

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const letsPut = ({ Effect, Action }: Statement): boolean =>
  Effect === 'Allow' && listed(Action).some((action) => /^(?:events:(?:PutEvents|\*)|\*)$/i.test(String(action)));

/** `PutEvents` refuses such a source, so what comes with it was made by AWS and forwarded by a rule. */
const takesAwsAlone = (statement: Statement): boolean => {
  const sources = conditionValues(statement, 'events:source');
  return sources.length > 0 && sources.every((source) => source.startsWith('aws.'));
};

/** Keys that are lists: an operator without `ForAllValues` may hold for no event at all. */
const comparedPlainly = ({ Condition }: Statement): boolean =>
  typeof Condition === 'object' &&
  Condition !== null &&
  Object.entries(Condition).some(
    ([operator, keys]: [string, unknown]) =>
      operator !== 'Null' &&
      !operator.startsWith('ForA') &&
      typeof keys === 'object' &&
      keys !== null &&
      Object.keys(keys).some((key) => /^events:(?:source|detail-type)$/i.test(key)),
  );

const isOf = (accountId: string, statement: Statement): boolean =>
  principalsOf(statement).some((principal) => principal === accountId || principal === accountArnOf(accountId));

/** Whether the hub's default bus takes what the target accounts send on, and nothing that somebody could make up. */
export const judgeHubBus = (json: string | undefined, accountIds: readonly string[]): Verdict => {
  const statements = statementsOf(parsedDocument(json ?? '')).filter(letsPut);
  const refused = accountIds.filter((id) => !statements.some((statement) => isOf(id, statement)));
  if (refused.length > 0) {
    return failure(
      `The hub’s default bus does not take the events of ${refused.join(', ')}.`,
      'Deploy Daypass in the hub again: it learns of its accounts from access.yaml.',
    );
  }
  if (statements.some(comparedPlainly)) {
    return failure(
      'The hub’s default bus compares events:source, a list, by a plain operator: it may let no forwarded event in.',
      'Deploy Daypass in the hub again.',
    );
  }
  const open = statements.filter((statement) => !takesAwsAlone(statement)).flatMap(principalsOf);
  if (open.length > 0) {
    return warning(
      `The hub’s default bus takes any event of ${[...new Set(open)].join(', ')}, made up ones too.`,
      'Allow events:PutEvents there only where events:source is aws.*',
    );
  }
  return ok('The hub’s default bus takes the events of every target account.');
};
