import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

/**
 * Loaded before the stack: the process dies in the moment in which STS has issued the credentials of a managed role and
 * nothing of it is in the database yet.
 */
const send = STSClient.prototype.send;

Object.defineProperty(STSClient.prototype, 'send', {
  value: async function (this: STSClient, command: never, ...rest: never[]): Promise<unknown> {
    const answer: unknown = await Reflect.apply(send, this, [command, ...rest]);
    const managed =
      (command as unknown) instanceof AssumeRoleCommand &&
      /role\/daypass-jit-/.test((command as AssumeRoleCommand).input.RoleArn ?? '');
    if (managed) process.kill(process.pid, 'SIGKILL');
    return answer;
  },
});
