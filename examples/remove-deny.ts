import { DeleteRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';

/** What somebody might do behind Daypass's back: `node examples/remove-deny.ts daypass-jit-orders-admin`. */
const [RoleName = 'daypass-jit-orders-admin'] = process.argv.slice(2);
const PolicyName = 'AWSRevokeOlderSessions';

try {
  await new IAMClient({}).send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  console.log(`${PolicyName} is gone from ${RoleName}.`);
} catch (error) {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  process.exitCode = 1;
}
