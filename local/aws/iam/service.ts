import { invalidAction } from '../endpoint-operation.ts';
import type { AwsCall, AwsService } from '../service.ts';
import type { Operation, Operations } from './operation.ts';
import { attachedOperations } from './operations-attached.ts';
import { inlineOperations } from './operations-inline.ts';
import { managedOperations } from './operations-managed.ts';
import { roleSettingOperations } from './operations-role-settings.ts';
import { roleOperations } from './operations-roles.ts';
import { userOperations } from './operations-users.ts';
import type { IamStores } from './stores.ts';

/** The IAM API of the caller's own account. Throws InvalidAction for what is not served. */
export const iamService = (stores: IamStores): AwsService => {
  const operations: Operations = {
    ...roleOperations(stores),
    ...roleSettingOperations(stores),
    ...inlineOperations(stores),
    ...userOperations(stores),
    ...managedOperations(stores),
    ...attachedOperations(stores),
  };
  const operation = (call: AwsCall): Operation => {
    const found = Object.hasOwn(operations, call.action) ? operations[call.action] : undefined;
    if (!found) throw invalidAction('iam', call.action);
    return found;
  };
  return {
    needs: (call) => operation(call).needs(call),
    handle: async (call) => operation(call).run(call),
  };
};
