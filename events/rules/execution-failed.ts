import { type Rule, type RuleEvent, untilDelivered } from './rule.ts';

const sample = (machine: string, status: string): RuleEvent => ({
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: { status, stateMachineArn: `arn:aws:states:us-east-1:111111111111:stateMachine:${machine}` },
});

/** Step Functions has no "finally": an execution that failed, was stopped or timed out may have left a grant behind. */
export const executionFailed: Rule = {
  name: 'daypass-execution-failed',
  description:
    'An execution of access-request or lockdown failed, was stopped or timed out, and may have left a grant behind.',
  state: 'ENABLED',
  bus: 'default',
  pattern: {
    source: ['aws.states'],
    'detail-type': ['Step Functions Execution Status Change'],
    detail: {
      status: ['FAILED', 'ABORTED', 'TIMED_OUT'],
      stateMachineArn: [{ suffix: ':stateMachine:access-request' }, { suffix: ':stateMachine:lockdown' }],
    },
  },
  target: 'settle-execution',
  retry: untilDelivered,
  samples: {
    matches: [
      sample('access-request', 'FAILED'),
      sample('access-request', 'ABORTED'),
      sample('access-request', 'TIMED_OUT'),
      sample('lockdown', 'FAILED'),
      sample('lockdown', 'ABORTED'),
      sample('lockdown', 'TIMED_OUT'),
    ],
    doesNot: [
      sample('access-request', 'SUCCEEDED'),
      sample('access-request', 'RUNNING'),
      sample('access-request-of-others', 'FAILED'),
      sample('alert-response', 'FAILED'),
    ],
  },
};
