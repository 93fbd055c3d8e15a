import { alreadyExists, deleteConflict, limitExceeded, noSuchEntity } from './errors.ts';
import { newId } from './ids.ts';
import {
  accountNeeds,
  arnText,
  entityName,
  type Operations,
  page,
  pathText,
  read,
  readTagMap,
  requestTags,
  tagList,
  userNeeds,
  userOf,
} from './operation.ts';
import { boundaryContext, checkBoundary } from './operations-role-settings.ts';
import { arnOf, type User } from './principals.ts';
import type { IamStores } from './stores.ts';

const shownBasics = (user: User): Record<string, unknown> => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: arnOf(user),
  CreateDate: new Date(user.createdAtMs),
});

const shown = (user: User): Record<string, unknown> => ({
  ...shownBasics(user),
  ...(user.boundaryArn === undefined
    ? {}
    : { PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: user.boundaryArn } }),
  ...(Object.keys(user.tags).length === 0 ? {} : { Tags: tagList(user.tags) }),
});

const mostAccessKeys = 2;
const accessKeyId = { least: 16, most: 128, pattern: /[\w]+/ };

export const userOperations = (stores: IamStores): Operations => {
  const { principals, policies, keys, clock, random } = stores;
  const needs = userNeeds(stores);
  return {
    CreateUser: {
      needs: (call) =>
        needs(call).map((need) => ({
          ...need,
          context: { ...requestTags(call.input), ...boundaryContext(call.input) },
        })),
      run: ({ input, caller: { accountId } }) => {
        const user = read(input, (check): User => {
          const boundaryArn = check.optional(input, 'PermissionsBoundary', 'permissionsBoundary', arnText);
          return {
            kind: 'user',
            id: newId('AIDA', random),
            accountId,
            name: check.required(input, 'UserName', 'userName', entityName),
            path: check.optional(input, 'Path', 'path', pathText) ?? '/',
            createdAtMs: clock.nowMs(),
            tags: readTagMap(check, input),
            ...(boundaryArn === undefined ? {} : { boundaryArn }),
          };
        });
        if (principals.user(accountId, user.name)) throw alreadyExists(`User with name ${user.name} already exists.`);
        if (user.boundaryArn !== undefined) checkBoundary(stores, user.boundaryArn);
        principals.save(user);
        return { User: shown(user) };
      },
    },
    GetUser: { needs, run: (call) => ({ User: shown(userOf(stores, call)) }) },
    ListUsers: {
      needs: accountNeeds('user'),
      run: ({ input, caller }) => {
        const prefix = typeof input.PathPrefix === 'string' ? input.PathPrefix : '/';
        const found = principals.users(caller.accountId).filter(({ path }) => path.startsWith(prefix));
        return page(input, 'Users', found.map(shownBasics));
      },
    },
    DeleteUser: {
      needs,
      run: (call) => {
        const user = userOf(stores, call);
        if (policies.inline(user.id).length > 0)
          throw deleteConflict('Cannot delete entity, must delete policies first.');
        if (policies.keysOf(user.id).length > 0)
          throw deleteConflict('Cannot delete entity, must delete access keys first.');
        principals.remove(user.id);
        return {};
      },
    },
    CreateAccessKey: {
      needs,
      run: (call) => {
        const user = userOf(stores, call);
        if (policies.keysOf(user.id).length >= mostAccessKeys) {
          throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${mostAccessKeys}`);
        }
        const id = newId('AKIA', random);
        const createdAtMs = clock.nowMs();
        policies.addKey(id, user.id, createdAtMs);
        return {
          AccessKey: {
            UserName: user.name,
            AccessKeyId: id,
            Status: 'Active',
            SecretAccessKey: keys.secretOf(id),
            CreateDate: new Date(createdAtMs),
          },
        };
      },
    },
    ListAccessKeys: {
      needs,
      run: (call) => {
        const user = userOf(stores, call);
        const shownKeys = policies.keysOf(user.id).map(({ id, createdAtMs }) => ({
          UserName: user.name,
          AccessKeyId: id,
          Status: 'Active',
          CreateDate: new Date(createdAtMs),
        }));
        return page(call.input, 'AccessKeyMetadata', shownKeys);
      },
    },
    DeleteAccessKey: {
      needs,
      run: (call) => {
        const user = userOf(stores, call);
        const id = read(call.input, (check) => check.required(call.input, 'AccessKeyId', 'accessKeyId', accessKeyId));
        if (policies.ownerOfKey(id) !== user.id) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
        policies.removeKey(id);
        return {};
      },
    },
  };
};
