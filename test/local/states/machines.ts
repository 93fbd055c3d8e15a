/** Machines that several tests run. `machines.test.ts` holds them to be valid ASL for an independent validator. */

const jsonata = { QueryLanguage: 'JSONata' };

/** Task `work`, once. */
export const task = (more: object = {}) => ({
  ...jsonata,
  StartAt: 'Work',
  States: {
    Work: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'work', Payload: '{% $states.input %}' },
      Output: '{% $states.result.Payload %}',
      End: true,
      ...more,
    },
  },
});

/** Asks by `ask`, waits for the token; times out after an hour. */
export const approval = (more: object = {}) => ({
  ...jsonata,
  StartAt: 'AwaitApproval',
  States: {
    AwaitApproval: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: {
        FunctionName: 'arn:aws:lambda:us-east-1:111111111111:function:ask',
        Payload: { id: '{% $states.input.id %}', token: '{% $states.context.Task.Token %}' },
      },
      TimeoutSeconds: 3600,
      End: true,
      ...more,
    },
  },
});

/** The shape of the product's own workflow: approval, activation, a wait that ends by time, revocation. */
export const lease = {
  ...jsonata,
  StartAt: 'AwaitApproval',
  States: {
    AwaitApproval: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
      TimeoutSeconds: 600,
      Assign: { seconds: '{% $states.result.seconds %}' },
      Next: 'Approved?',
    },
    'Approved?': {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.approved %}', Next: 'Activate' }],
      Default: 'Denied',
    },
    Denied: { Type: 'Succeed', Output: '{% "denied" %}' },
    Activate: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'activate', Payload: {} },
      Retry: [{ ErrorEquals: ['StoreUnavailable'], IntervalSeconds: 2, MaxAttempts: 2, BackoffRate: 2 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Revoke' }],
      Next: 'Live',
    },
    Live: { Type: 'Wait', Seconds: '{% $seconds %}', Next: 'Revoke' },
    Revoke: {
      Type: 'Map',
      Items: '{% ["role-a", "role-b", "role-c"] %}',
      MaxConcurrency: 2,
      ItemProcessor: {
        StartAt: 'RevokeOne',
        States: {
          RevokeOne: {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Arguments: { FunctionName: 'revoke', Payload: { role: '{% $states.input %}' } },
            Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 5 }],
            Output: '{% $states.result.Payload %}',
            End: true,
          },
        },
      },
      Next: 'Tell',
    },
    Tell: {
      Type: 'Parallel',
      Arguments: '{% {"revoked": $states.input, "seconds": $seconds} %}',
      Branches: [
        {
          StartAt: 'Card',
          States: { Card: { Type: 'Pass', Output: '{% $count($states.input.revoked) %}', End: true } },
        },
        { StartAt: 'Audit', States: { Audit: { Type: 'Pass', Output: '{% $states.input.seconds %}', End: true } } },
      ],
      Output: '{% {"revoked": $states.result[0], "seconds": $states.result[1], "list": $states.input} %}',
      End: true,
    },
  },
};
