import { roleArnOf } from '#core/aws-role.ts';
import { type AwsCall, AwsError } from '#local/aws/service.ts';
import { cursorOf, nextTokenFor, ownArn, pageSize } from './api-input.ts';
import type { Machine } from './rows.ts';
import type { Store } from './store.ts';

/** The machine that the call names. Throws StateMachineDoesNotExist. */
export const machineOf = (store: Store, call: AwsCall): Machine => {
  const arn = ownArn(call, 'stateMachineArn', 'stateMachine');
  const machine = store.machine(arn);
  if (machine) return machine;
  throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
};

export const machineActions = (store: Store) => {
  const list = (call: AwsCall) => {
    const size = pageSize(call);
    const found = store.machines(call.caller.accountId, cursorOf(call) ?? '', size + 1);
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      stateMachines: page.map(({ arn, name, createdMs }) => ({
        stateMachineArn: arn,
        name,
        type: 'STANDARD',
        creationDate: new Date(createdMs),
      })),
      ...(found.length > size && last ? { nextToken: nextTokenFor(last.name) } : {}),
    };
  };
  const describe = (call: AwsCall) => {
    const { arn, name, account, digest, createdMs } = machineOf(store, call);
    return {
      stateMachineArn: arn,
      name,
      status: 'ACTIVE',
      type: 'STANDARD',
      definition: store.definition(digest)?.body,
      roleArn: roleArnOf({ accountId: account, roleName: `daypass-${name}` }),
      creationDate: new Date(createdMs),
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    };
  };
  return { ListStateMachines: list, DescribeStateMachine: describe };
};
