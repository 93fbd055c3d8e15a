import {
  DescribeExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  type SFNClientConfig,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Machine, Workflows } from '#ports/workflows.ts';
import { as, nameOfError } from './failures.ts';

const unavailable = (what: string): ((error: unknown) => never) =>
  as('WorkflowUnavailable', `Step Functions did not ${what}. Try again in a moment.`);

/**
 * `TaskTimedOut` also means that the task was answered before:
 * docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
 */
const closedTask = new Set(['TaskTimedOut', 'TaskDoesNotExist']);

export const createWorkflows = (
  /** Asked when it is needed: a function that only answers tasks has no ARN. */
  machineArn: (machine: Machine) => string,
  config: SFNClientConfig,
): Workflows => {
  const stepFunctions = new SFNClient(config);

  const answer = async (send: () => Promise<unknown>): Promise<'resumed' | 'gone'> => {
    try {
      await send();
      return 'resumed';
    } catch (error) {
      return closedTask.has(nameOfError(error)) ? 'gone' : unavailable('take the answer to a waiting task')(error);
    }
  };

  return {
    start: async (machine, name, input) => {
      try {
        await stepFunctions.send(
          new StartExecutionCommand({ stateMachineArn: machineArn(machine), name, input: JSON.stringify(input) }),
        );
      } catch (error) {
        // The same input is always sent for the same name, so an execution that exists is this one, ended by now.
        if (nameOfError(error) !== 'ExecutionAlreadyExists') unavailable(`start ${machine} ${name}`)(error);
      }
    },
    succeed: (taskToken, output) =>
      answer(() => stepFunctions.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }))),
    fail: (taskToken, error, cause) =>
      answer(() => stepFunctions.send(new SendTaskFailureCommand({ taskToken, error, cause }))),
    status: async (machine, name) => {
      const executionArn = `${machineArn(machine).replace(':stateMachine:', ':execution:')}:${name}`;
      try {
        const { status } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
        return status === 'RUNNING' || status === 'PENDING_REDRIVE' ? 'running' : 'ended';
      } catch (error) {
        return nameOfError(error) === 'ExecutionDoesNotExist'
          ? 'absent'
          : unavailable(`say how ${machine} ${name} stands`)(error);
      }
    },
  };
};
