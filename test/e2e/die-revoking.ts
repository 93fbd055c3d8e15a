import { IAMClient } from '@aws-sdk/client-iam';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Loaded before the stack: the process dies at the step of a revocation that the environment names. */
const step = process.env.DAYPASS_TEST_DIES ?? '';

type Command = { constructor: { name: string }; input: Record<string, unknown> };

const partitionIn = ({ input }: Command): string =>
  JSON.stringify(input.Key ?? input.Item ?? input.TransactItems ?? '');

const isAt: Readonly<Record<string, (command: Command, name: string) => boolean>> = {
  'before the revocation is kept': (command, name) =>
    name === 'PutCommand' && partitionIn(command).includes('"LEDGER"'),
  'before the lease is taken': (command, name) => name === 'UpdateCommand' && partitionIn(command).includes('"LEASE"'),
  'before the deny is written': (_, name) => name === 'PutRolePolicyCommand',
  'after the deny was written': (_, name) => name === 'PutRolePolicyCommand',
  'before it is recorded': (command, name) =>
    name === 'TransactWriteCommand' && partitionIn(command).includes('"LEASE"'),
  'before the end is saved': (command, name) =>
    name === 'TransactWriteCommand' && partitionIn(command).includes('"status":"ended"'),
};

for (const Client of [IAMClient, DynamoDBDocumentClient]) {
  const send = Client.prototype.send;
  Object.defineProperty(Client.prototype, 'send', {
    value: async function (this: unknown, command: Command, ...rest: never[]): Promise<unknown> {
      const now = isAt[step]?.(command, command.constructor.name) ?? false;
      if (now && !step.startsWith('after')) process.kill(process.pid, 'SIGKILL');
      const answer: unknown = await Reflect.apply(send, this, [command, ...rest]);
      if (now) process.kill(process.pid, 'SIGKILL');
      return answer;
    },
  });
}
