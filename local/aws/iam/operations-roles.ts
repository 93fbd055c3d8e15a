import { iamArn } from '#core/aws-arn.ts';
import { uriEncode } from '../sigv4/canonical.ts';
import { bindTrust, shownTrust } from './documents.ts';
import { alreadyExists, deleteConflict } from './errors.ts';
import { newId } from './ids.ts';
import {
  accountNeeds,
  arnText,
  entityName,
  type Operations,
  page,
  pathText,
  policyText,
  read,
  readTagMap,
  requestTags,
  roleNeeds,
  roleOf,
  tagList,
} from './operation.ts';
import { boundaryContext, checkBoundary } from './operations-role-settings.ts';
import { arnOf, type Role } from './principals.ts';
import type { IamStores } from './stores.ts';

const sessionRange = { least: 3600, most: 43_200 };
const descriptionText = { least: 0, most: 1000 };

const shownBasics = (stores: IamStores, role: Role): Record<string, unknown> => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: arnOf(role),
  CreateDate: new Date(role.createdAtMs),
  AssumeRolePolicyDocument: uriEncode(shownTrust(role, stores.principals)),
  ...(role.description === undefined ? {} : { Description: role.description }),
  MaxSessionDuration: role.maxSessionDurationSec,
});

/** `GetRole` and `CreateRole` tell tags and boundary; `ListRoles` does not. */
const shown = (stores: IamStores, role: Role): Record<string, unknown> => ({
  ...shownBasics(stores, role),
  ...(role.boundaryArn === undefined
    ? {}
    : { PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: role.boundaryArn } }),
  ...(Object.keys(role.tags).length === 0 ? {} : { Tags: tagList(role.tags) }),
});

/** Roles themselves: made, read, changed, deleted. */
export const roleOperations = (stores: IamStores): Operations => {
  const { principals, policies, clock, random } = stores;
  const needs = roleNeeds(stores);
  return {
    CreateRole: {
      needs: (call) =>
        needs(call).map((need) => {
          const path = typeof call.input.Path === 'string' ? call.input.Path : '/';
          const resource = iamArn(call.caller.accountId, `role${path}${String(call.input.RoleName)}`);
          return { ...need, resource, context: { ...requestTags(call.input), ...boundaryContext(call.input) } };
        }),
      run: ({ input, caller: { accountId } }) => {
        const role = read(input, (check): Role => {
          const description = check.optional(input, 'Description', 'description', descriptionText);
          const boundaryArn = check.optional(input, 'PermissionsBoundary', 'permissionsBoundary', arnText);
          return {
            kind: 'role',
            id: newId('AROA', random),
            accountId,
            name: check.required(input, 'RoleName', 'roleName', entityName),
            path: check.optional(input, 'Path', 'path', pathText) ?? '/',
            createdAtMs: clock.nowMs(),
            trust: check.required(input, 'AssumeRolePolicyDocument', 'assumeRolePolicyDocument', policyText),
            boundIds: {},
            maxSessionDurationSec:
              check.integer(input, 'MaxSessionDuration', 'maxSessionDuration', sessionRange) ?? 3600,
            tags: readTagMap(check, input),
            ...(description === undefined ? {} : { description }),
            ...(boundaryArn === undefined ? {} : { boundaryArn }),
          };
        });
        if (principals.role(accountId, role.name)) throw alreadyExists(`Role with name ${role.name} already exists.`);
        if (role.boundaryArn !== undefined) checkBoundary(stores, role.boundaryArn);
        const bound = { ...role, boundIds: bindTrust(role.trust, principals) };
        principals.save(bound);
        return { Role: shown(stores, bound) };
      },
    },
    GetRole: { needs, run: (call) => ({ Role: shown(stores, roleOf(stores, call)) }) },
    ListRoles: {
      needs: accountNeeds('role'),
      run: ({ input, caller }) => {
        const prefix = typeof input.PathPrefix === 'string' ? input.PathPrefix : '/';
        const found = principals.roles(caller.accountId).filter(({ path }) => path.startsWith(prefix));
        return page(
          input,
          'Roles',
          found.map((role) => shownBasics(stores, role)),
        );
      },
    },
    DeleteRole: {
      needs,
      run: (call) => {
        const role = roleOf(stores, call);
        if (policies.inline(role.id).length > 0)
          throw deleteConflict('Cannot delete entity, must delete policies first.');
        principals.remove(role.id);
        return {};
      },
    },
    UpdateRole: {
      needs,
      run: (call) => {
        const role = roleOf(stores, call);
        const { description, maxSec } = read(call.input, (check) => ({
          description: check.optional(call.input, 'Description', 'description', descriptionText),
          maxSec: check.integer(call.input, 'MaxSessionDuration', 'maxSessionDuration', sessionRange),
        }));
        principals.save({
          ...role,
          ...(description === undefined ? {} : { description }),
          ...(maxSec === undefined ? {} : { maxSessionDurationSec: maxSec }),
        });
        return {};
      },
    },
    UpdateAssumeRolePolicy: {
      needs,
      run: (call) => {
        const role = roleOf(stores, call);
        const trust = read(call.input, (check) =>
          check.required(call.input, 'PolicyDocument', 'policyDocument', policyText),
        );
        principals.save({ ...role, trust, boundIds: bindTrust(trust, principals) });
        return {};
      },
    },
  };
};
