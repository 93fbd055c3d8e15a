import { mostTags, readTagKeys } from '../wire/constraints.ts';
import { limitExceeded, noSuchEntity } from './errors.ts';
import {
  arnText,
  type Operations,
  page,
  read,
  readTagMap,
  requestTags,
  roleNeeds,
  roleOf,
  tagList,
} from './operation.ts';
import type { Role } from './principals.ts';
import type { IamStores } from './stores.ts';

/** Throws NoSuchEntity unless it is a managed policy that exists. */
export const checkBoundary = (stores: IamStores, arn: string): void => {
  if (!stores.policies.managed(arn)) throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
};

/** The boundary that a call would set, as a condition key. */
export const boundaryContext = (input: Readonly<Record<string, unknown>>): Record<string, string> =>
  typeof input.PermissionsBoundary === 'string' ? { 'iam:PermissionsBoundary': input.PermissionsBoundary } : {};

const checkTagCount = (count: number): void => {
  if (count > mostTags) throw limitExceeded(`Cannot exceed quota for TagsPerRole: ${mostTags}`);
};

/** Tag keys ignore case: setting `Team` replaces `team`. */
const withTags = (role: Role, tags: Readonly<Record<string, string>>): Role => {
  const set = new Set(Object.keys(tags).map((key) => key.toLowerCase()));
  const kept = Object.entries(role.tags).filter(([key]) => !set.has(key.toLowerCase()));
  return { ...role, tags: Object.fromEntries([...kept, ...Object.entries(tags)]) };
};

const withoutBoundary = ({ boundaryArn: _, ...role }: Role): Role => role;

/** What is put on a role and taken off again: its permissions boundary and its tags. */
export const roleSettingOperations = (stores: IamStores): Operations => {
  const { principals } = stores;
  const needs = roleNeeds(stores);
  return {
    PutRolePermissionsBoundary: {
      needs: (call) =>
        needs(call).map((need) => ({ ...need, context: { ...need.context, ...boundaryContext(call.input) } })),
      run: (call) => {
        const role = roleOf(stores, call);
        const boundaryArn = read(call.input, (check) =>
          check.required(call.input, 'PermissionsBoundary', 'permissionsBoundary', arnText),
        );
        checkBoundary(stores, boundaryArn);
        principals.save({ ...role, boundaryArn });
        return {};
      },
    },
    DeleteRolePermissionsBoundary: {
      needs,
      run: (call) => {
        const role = roleOf(stores, call);
        if (role.boundaryArn === undefined)
          throw noSuchEntity(`Role ${role.name} does not have a permissions boundary.`);
        principals.save(withoutBoundary(role));
        return {};
      },
    },
    TagRole: {
      needs: (call) =>
        needs(call).map((need) => ({ ...need, context: { ...need.context, ...requestTags(call.input) } })),
      run: (call) => {
        const role = roleOf(stores, call);
        const tagged = withTags(
          role,
          read(call.input, (check) => readTagMap(check, call.input)),
        );
        checkTagCount(Object.keys(tagged.tags).length);
        principals.save(tagged);
        return {};
      },
    },
    UntagRole: {
      needs: (call) =>
        needs(call).map((need) => ({
          ...need,
          context: {
            ...need.context,
            ...(Array.isArray(call.input.TagKeys) ? { 'aws:TagKeys': call.input.TagKeys.map(String) } : {}),
          },
        })),
      run: (call) => {
        const role = roleOf(stores, call);
        const keys = read(call.input, (check) => readTagKeys(check, call.input, 'TagKeys', 'tagKeys'));
        const gone = new Set(keys.map((key) => key.toLowerCase()));
        const kept = Object.entries(role.tags).filter(([key]) => !gone.has(key.toLowerCase()));
        principals.save({ ...role, tags: Object.fromEntries(kept) });
        return {};
      },
    },
    ListRoleTags: {
      needs,
      run: (call) => page(call.input, 'Tags', tagList(roleOf(stores, call).tags)),
    },
  };
};
