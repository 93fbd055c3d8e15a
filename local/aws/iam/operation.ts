import { iamArn } from '#core/aws-arn.ts';
import type { AwsCall, Need } from '../service.ts';
import {
  type Constraints,
  constraints,
  hasDuplicates,
  type Input,
  readTags,
  type TextLimits,
  validationError,
} from '../wire/constraints.ts';
import { invalidInput, noSuchEntity } from './errors.ts';
import { arnOf, type Principal, type Role, type Tags, type User } from './principals.ts';
import type { IamStores } from './stores.ts';

/** One action of the IAM API. */
export type Operation = {
  needs(call: AwsCall): readonly Need[];
  run(call: AwsCall): Record<string, unknown>;
};

export type Operations = Readonly<Record<string, Operation>>;

export const entityName: TextLimits = { least: 1, most: 64, pattern: /[\w+=,.@-]+/ };
export const policyName: TextLimits = { least: 1, most: 128, pattern: /[\w+=,.@-]+/ };
export const policyText: TextLimits = { least: 1, most: 131_072 };
export const arnText: TextLimits = { least: 20, most: 2048 };
export const pathText: TextLimits = { least: 1, most: 512, pattern: /\/|\/[\u0021-\u007E]+\// };

/** Reads and checks an input in one go. */
export const read = <T>(_input: Input, reader: (check: Constraints) => T): T => {
  const check = constraints();
  const value = reader(check);
  check.settle();
  return value;
};

const nameIn = (input: Input, member: string): string => {
  const name = input[member];
  return typeof name === 'string' ? name : '';
};

const resourceTags = (tags: Tags): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`iam:ResourceTag/${key}`, value],
    ]),
  );

export const requestTags = (input: Input): Record<string, string | string[]> => {
  const tags = Array.isArray(input.Tags) ? (input.Tags as Input[]) : [];
  if (tags.length === 0) return {};
  const keys = tags.map((tag) => String(tag.Key));
  return {
    ...Object.fromEntries(tags.map((tag) => [`aws:RequestTag/${String(tag.Key)}`, String(tag.Value)])),
    'aws:TagKeys': keys,
  };
};

/**
 * The actions that tell the boundary of the role or user which they are about; to all others the key is missing:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
const tellsBoundary =
  /^(?:Put|Delete)(?:Role|User)(?:Policy|PermissionsBoundary)$|^(?:Attach|Detach)(?:Role|User)Policy$|^Create(?:Role|User)$/;

/**
 * A need on a role or a user that may not exist (yet). The entity's tags, and for some actions its boundary, are
 * condition keys.
 */
const needOn = (call: AwsCall, kind: 'role' | 'user', name: string, found: Principal | undefined): Need => ({
  action: `iam:${call.action}`,
  resource: found ? arnOf(found) : arnOf({ kind, accountId: call.caller.accountId, path: '/', name }),
  context: {
    ...(found ? resourceTags(found.tags) : {}),
    ...(found?.boundaryArn === undefined || !tellsBoundary.test(call.action)
      ? {}
      : { 'iam:PermissionsBoundary': found.boundaryArn }),
  },
});

export const roleNeeds =
  (stores: IamStores) =>
  (call: AwsCall): Need[] => {
    const name = nameIn(call.input, 'RoleName');
    return [needOn(call, 'role', name, stores.principals.role(call.caller.accountId, name))];
  };

/** Where no user is named, the caller itself is meant. */
export const userNameOf = (call: AwsCall): string =>
  call.input.UserName === undefined && call.caller.kind === 'user'
    ? call.caller.userName
    : nameIn(call.input, 'UserName');

export const userNeeds =
  (stores: IamStores) =>
  (call: AwsCall): Need[] => {
    const name = userNameOf(call);
    return [needOn(call, 'user', name, stores.principals.user(call.caller.accountId, name))];
  };

export const accountNeeds =
  (kind: 'role' | 'user') =>
  (call: AwsCall): Need[] => [{ action: `iam:${call.action}`, resource: iamArn(call.caller.accountId, `${kind}/`) }];

/** Throws ValidationError or NoSuchEntity. */
export const roleOf = (stores: IamStores, call: AwsCall): Role => {
  const name = read(call.input, (check) => check.required(call.input, 'RoleName', 'roleName', entityName));
  const role = stores.principals.role(call.caller.accountId, name);
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
};

/** Throws ValidationError or NoSuchEntity. */
export const userOf = (stores: IamStores, call: AwsCall): User => {
  if (call.input.UserName === undefined && call.caller.kind === 'session') {
    throw validationError('Must specify userName when calling with non-User credentials');
  }
  const name = userNameOf(call);
  read(call.input, (check) => check.text(name === '' ? undefined : name, 'userName', entityName));
  const user = stores.principals.user(call.caller.accountId, name);
  if (!user) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
};

/** Throws InvalidInput for keys that repeat. */
export const readTagMap = (check: Constraints, input: Input): Tags => {
  const tags = readTags(check, input);
  if (hasDuplicates(tags.map(([key]) => key))) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  return Object.fromEntries(tags);
};

export const tagList = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** One page of a list by `MaxItems` (100) and `Marker`, the position to go on from. */
export const page = <T>(input: Input, member: string, items: readonly T[]): Record<string, unknown> => {
  const { most, marker } = read(input, (check) => ({
    most: check.integer(input, 'MaxItems', 'maxItems', { least: 1, most: 1000 }) ?? 100,
    marker: check.optional(input, 'Marker', 'marker', { least: 1, most: 320, pattern: /\d+/ }) ?? '0',
  }));
  const from = Number(marker);
  const isTruncated = items.length > from + most;
  return {
    [member]: items.slice(from, from + most),
    IsTruncated: isTruncated,
    ...(isTruncated ? { Marker: String(from + most) } : {}),
  };
};
