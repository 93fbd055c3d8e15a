import { wholeSeconds } from '#core/instant.ts';
import type { Execution } from './rows.ts';

/**
 * *Step Functions Execution Status Change*, as EventBridge delivers it.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export type StatusEvent = {
  version: '0';
  id: string;
  'detail-type': 'Step Functions Execution Status Change';
  source: 'aws.states';
  account: string;
  /** ISO 8601 UTC, to the second. */
  time: string;
  region: string;
  resources: readonly string[];
  detail: Readonly<Record<string, unknown>>;
};

/** Input and output above this together are left out of the event. */
const dataLimitBytes = 248 * 1024;

export const statusEvent = (execution: Execution, id: string, atMs: number): StatusEvent => {
  const [, , , region = '', account = ''] = execution.arn.split(':');
  const included = Buffer.byteLength(execution.input) + Buffer.byteLength(execution.output ?? '') <= dataLimitBytes;
  return {
    version: '0',
    id,
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account,
    time: wholeSeconds(atMs),
    region,
    resources: [execution.arn],
    detail: {
      executionArn: execution.arn,
      stateMachineArn: execution.machine,
      name: execution.name,
      status: execution.status,
      startDate: execution.startedMs,
      stopDate: execution.stoppedMs,
      input: included ? execution.input : null,
      inputDetails: { included },
      output: included ? execution.output : null,
      outputDetails: execution.output === null ? null : { included },
      error: execution.error,
      cause: execution.cause,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: 0,
      redriveDate: null,
    },
  };
};
