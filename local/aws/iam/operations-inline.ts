import { uriEncode } from '../sigv4/canonical.ts';
import { checkInline } from './documents.ts';
import { noSuchEntity } from './errors.ts';
import {
  type Operations,
  page,
  policyName,
  policyText,
  read,
  roleNeeds,
  roleOf,
  userNeeds,
  userOf,
} from './operation.ts';
import type { Principal } from './principals.ts';
import type { IamStores } from './stores.ts';

type Owner = { kind: 'Role' | 'User'; find: typeof roleOf | typeof userOf; needs: ReturnType<typeof roleNeeds> };

const inlineOf = (stores: IamStores, { kind, find, needs }: Owner): Operations => {
  const { policies } = stores;
  const nameOf = (input: Readonly<Record<string, unknown>>): string =>
    read(input, (check) => check.required(input, 'PolicyName', 'policyName', policyName));
  const missing = (name: string) => noSuchEntity(`The ${kind.toLowerCase()} policy with name ${name} cannot be found.`);
  const owned = (owner: Principal) => ({ [`${kind}Name`]: owner.name });
  return {
    [`Put${kind}Policy`]: {
      needs,
      run: (call) => {
        const owner = find(stores, call);
        const { name, document } = read(call.input, (check) => ({
          name: check.required(call.input, 'PolicyName', 'policyName', policyName),
          document: check.required(call.input, 'PolicyDocument', 'policyDocument', policyText),
        }));
        checkInline(owner, name, document, policies);
        policies.putInline(owner.id, name, document);
        return {};
      },
    },
    [`Get${kind}Policy`]: {
      needs,
      run: (call) => {
        const owner = find(stores, call);
        const name = nameOf(call.input);
        const found = policies.inline(owner.id).find((policy) => policy.name === name);
        if (!found) throw missing(name);
        return { ...owned(owner), PolicyName: name, PolicyDocument: uriEncode(found.document) };
      },
    },
    [`Delete${kind}Policy`]: {
      needs,
      run: (call) => {
        const owner = find(stores, call);
        const name = nameOf(call.input);
        if (!policies.removeInline(owner.id, name)) throw missing(name);
        return {};
      },
    },
    [`List${kind}Policies`]: {
      needs,
      run: (call) =>
        page(
          call.input,
          'PolicyNames',
          policies.inline(find(stores, call).id).map(({ name }) => name),
        ),
    },
  };
};

/** Inline policies of roles and of users: the same four operations. */
export const inlineOperations = (stores: IamStores): Operations => ({
  ...inlineOf(stores, { kind: 'Role', find: roleOf, needs: roleNeeds(stores) }),
  ...inlineOf(stores, { kind: 'User', find: userOf, needs: userNeeds(stores) }),
});
