import { AwsError } from '../service.ts';
import {
  constraints,
  hasDuplicates,
  type Input,
  readTagKeys,
  readTags,
  type TextLimits,
  validationError,
} from '../wire/constraints.ts';

/**
 * AssumeRole's input, checked as the API reference limits it.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export type AssumeRoleInput = {
  roleArn: string;
  roleSessionName: string;
  durationSec: number;
  externalId?: string;
  sourceIdentity?: string;
  policy?: string;
  tags: Readonly<Record<string, string>>;
  transitiveTagKeys: readonly string[];
};

export const invalidParameter = (message: string): AwsError => new AwsError('InvalidParameterValue', message, 400);

const name: TextLimits = { least: 2, most: 64, pattern: /[\w+=,.@-]*/ };
const externalIdLimits: TextLimits = { least: 2, most: 1224, pattern: /[\w+=,.@:/-]*/ };
const arnLimits: TextLimits = { least: 20, most: 2048 };
const policyLimits: TextLimits = { least: 1, most: 2048, pattern: /[\t\n\r\u0020-\u00FF]+/ };

const checkTagKeys = (keys: readonly string[], transitive: readonly string[]): void => {
  if (hasDuplicates(keys)) {
    throw invalidParameter('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  if (keys.some((key) => /^aws:/i.test(key))) {
    throw invalidParameter('Tag keys may not start with "aws:", which AWS keeps for itself.');
  }
  const known = new Set(keys.map((key) => key.toLowerCase()));
  if (transitive.some((key) => !known.has(key.toLowerCase()))) {
    throw invalidParameter('The specified transitive tag key must be included in the requested tags.');
  }
};

/** What the real API takes and this one does not: refused by name instead of ignored. */
const notServed = ['PolicyArns', 'SerialNumber', 'TokenCode', 'ProvidedContexts'];

const refuseNotServed = (input: Input): void => {
  const isGiven = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  const found = notServed.find((key) => isGiven(input[key]));
  if (found)
    throw validationError(`The embedded STS does not serve the parameter ${found} of AssumeRole. Leave it out.`);
};

/** Throws ValidationError listing every member that breaks a limit, InvalidParameterValue for tags at odds. */
export const readAssumeRole = (input: Input): AssumeRoleInput => {
  const check = constraints();
  const roleArn = check.required(input, 'RoleArn', 'roleArn', arnLimits);
  const roleSessionName = check.required(input, 'RoleSessionName', 'roleSessionName', name);
  const durationSec = check.integer(input, 'DurationSeconds', 'durationSeconds', { least: 900, most: 43_200 }) ?? 3600;
  const externalId = check.optional(input, 'ExternalId', 'externalId', externalIdLimits);
  const sourceIdentity = check.optional(input, 'SourceIdentity', 'sourceIdentity', name);
  const policy = check.optional(input, 'Policy', 'policy', policyLimits);
  const tags = readTags(check, input);
  const transitiveTagKeys = readTagKeys(check, input, 'TransitiveTagKeys', 'transitiveTagKeys');
  if (sourceIdentity !== undefined && /^aws:/i.test(sourceIdentity)) {
    check.fail(sourceIdentity, 'sourceIdentity', 'not begin with aws:');
  }
  check.settle();
  refuseNotServed(input);
  checkTagKeys(
    tags.map(([key]) => key),
    transitiveTagKeys,
  );
  return {
    roleArn,
    roleSessionName,
    durationSec,
    ...(externalId === undefined ? {} : { externalId }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(policy === undefined ? {} : { policy }),
    tags: Object.fromEntries(tags),
    transitiveTagKeys,
  };
};
