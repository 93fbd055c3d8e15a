import { type Operations, page, roleNeeds, roleOf } from './operation.ts';
import type { IamStores } from './stores.ts';

/** Managed policies serve as boundaries only, so no role has one attached. */
export const attachedOperations = (stores: IamStores): Operations => ({
  ListAttachedRolePolicies: {
    needs: roleNeeds(stores),
    run: (call) => {
      roleOf(stores, call);
      return page(call.input, 'AttachedPolicies', []);
    },
  },
});
