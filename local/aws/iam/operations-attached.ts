import { noSuchEntity } from './errors.ts';
import { arnText, type Operations, page, read, roleNeeds, roleOf } from './operation.ts';
import type { IamStores } from './stores.ts';

/** The policy that a call would detach, as a condition key. */
const policyContext = (input: Readonly<Record<string, unknown>>): Record<string, string> =>
  typeof input.PolicyArn === 'string' ? { 'iam:PolicyARN': input.PolicyArn } : {};

/** Managed policies serve as boundaries only, so no role has one attached. */
export const attachedOperations = (stores: IamStores): Operations => {
  const needs = roleNeeds(stores);
  return {
    ListAttachedRolePolicies: {
      needs,
      run: (call) => {
        roleOf(stores, call);
        return page(call.input, 'AttachedPolicies', []);
      },
    },
    DetachRolePolicy: {
      needs: (call) =>
        needs(call).map((need) => ({ ...need, context: { ...need.context, ...policyContext(call.input) } })),
      run: (call) => {
        roleOf(stores, call);
        const arn = read(call.input, (check) => check.required(call.input, 'PolicyArn', 'policyArn', arnText));
        throw noSuchEntity(`Policy ${arn} was not found.`);
      },
    },
  };
};
