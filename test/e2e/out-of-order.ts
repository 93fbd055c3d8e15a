import { DeleteRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import type { World } from './world.ts';

const PolicyName = 'out-of-order';

/**
 * An operator of the hub forbids a function one thing, as if that service were out of order for it. Returns what ends
 * it.
 */
export const forbid = async (world: World, functionName: string, action: string): Promise<() => Promise<void>> => {
  const { iam } = world.profile('hub-admin');
  const RoleName = `daypass-${functionName}`;
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }],
  });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  return async () => void (await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
};
