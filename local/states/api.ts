import { type AwsCall, AwsError, type AwsService, type Need } from '#local/aws/service.ts';
import { executionActions } from './api-executions.ts';
import { machineActions } from './api-machines.ts';
import { machineOfTask, taskActions } from './api-tasks.ts';
import type { Engine } from './engine.ts';
import type { Entropy } from './entropy.ts';
import type { Store } from './store.ts';

type Action = (call: AwsCall) => Record<string, unknown>;

/**
 * Which member of an action's input names the resource that IAM is asked about; `SendTask…` are below, the others act
 * on `*`.
 */
const resourceMembers: Readonly<Record<string, string>> = {
  StartExecution: 'stateMachineArn',
  ListExecutions: 'stateMachineArn',
  DescribeStateMachine: 'stateMachineArn',
  DescribeExecution: 'executionArn',
  GetExecutionHistory: 'executionArn',
  StopExecution: 'executionArn',
};

/** The Step Functions API. https://docs.aws.amazon.com/step-functions/latest/apireference/Welcome.html */
export const statesService = (store: Store, engine: Engine, nowMs: () => number, entropy: Entropy): AwsService => {
  const tasks = taskActions(store, engine, nowMs);
  const actions: Readonly<Record<string, Action>> = {
    ...executionActions(store, engine, nowMs, entropy),
    ...machineActions(store),
    ...tasks,
  };
  return {
    needs: (call): readonly Need[] => {
      if (Object.hasOwn(tasks, call.action)) {
        const machineArn = machineOfTask(store, call.input.taskToken);
        return machineArn === undefined ? [] : [{ action: `states:${call.action}`, resource: machineArn }];
      }
      const resource = call.input[resourceMembers[call.action] ?? ''];
      return [{ action: `states:${call.action}`, resource: typeof resource === 'string' ? resource : '*' }];
    },
    handle: async (call) => {
      const action = Object.hasOwn(actions, call.action) ? actions[call.action] : undefined;
      if (!action) {
        const known = Object.keys(actions).sort().join(', ');
        const message = `The embedded Step Functions does not implement ${call.action}. It has: ${known}.`;
        throw new AwsError('UnknownOperationException', message);
      }
      return action(call);
    },
  };
};
