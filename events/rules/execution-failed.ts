import { type Rule, untilDelivered } from './rule.ts';

const arn = 'arn:aws:states:us-east-1:111111111111:stateMachine:access-request';
const lockdownArn = 'arn:aws:states:us-east-1:111111111111:stateMachine:lockdown';
const source = 'aws.states';
const detailType = 'Step Functions Execution Status Change';

/** Step Functions has no "finally": an execution that failed, was stopped or timed out may have left a grant behind. */
export const executionFailed: Rule = {
  name: 'daypass-execution-failed',
  description:
    'An execution of access-request or lockdown failed, was stopped or timed out, and may have left a grant behind.',
  state: 'ENABLED',
  bus: 'default',
  pattern: {
    source: [source],
    'detail-type': [detailType],
    detail: {
      status: ['FAILED', 'ABORTED', 'TIMED_OUT'],
      stateMachineArn: [{ suffix: ':stateMachine:access-request' }, { suffix: ':stateMachine:lockdown' }],
    },
  },
  target: 'sweep',
  retry: untilDelivered,
  samples: {
    matches: ['FAILED', 'ABORTED', 'TIMED_OUT'].flatMap((status) =>
      [arn, lockdownArn].map((stateMachineArn) => ({
        source,
        'detail-type': detailType,
        detail: { status, stateMachineArn },
      })),
    ),
    doesNot: [
      { source, 'detail-type': detailType, detail: { status: 'SUCCEEDED', stateMachineArn: arn } },
      { source, 'detail-type': detailType, detail: { status: 'RUNNING', stateMachineArn: arn } },
      { source, 'detail-type': detailType, detail: { status: 'FAILED', stateMachineArn: `${arn}-of-others` } },
    ],
  },
};
