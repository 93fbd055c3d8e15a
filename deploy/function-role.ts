import type { FunctionConfig } from '#functions/config.ts';
import { substitute } from '#statemachines/substitute.ts';

const version = '2012-10-17';

/** A policy document as CloudFormation takes it: members may be intrinsic functions. */
type Document = Readonly<Record<string, unknown>>;

/** Lambda may take a function's role, nobody else. */
export const functionTrust: Document = {
  Version: version,
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/**
 * What a function may do, word for word as its configuration says. `arns` fills the configuration's `${…}` tokens;
 * throws a RangeError that names one without a value.
 */
export const functionPolicy = ({ statements }: FunctionConfig, arns: Readonly<Record<string, string>>): Document => ({
  Version: version,
  Statement: statements.map(({ actions, resources, leadingKeys }) => ({
    Effect: 'Allow',
    Action: actions,
    Resource: substitute(resources, arns),
    // AWS wants `ForAllValues` here for calls on a single item too, and it holds where a call tells no key:
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
    ...(leadingKeys && {
      Condition: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': leadingKeys },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    }),
  })),
});
