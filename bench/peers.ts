/** States entered by the state machines of others, counted by reading their definitions at the commit named. */
export const peers = [
  {
    name: 'TEAM, approval and natural expiry',
    statesEntered: 26,
    executions: 4,
    source:
      'aws-samples/iam-identity-center-team 7aaba0d, amplify/backend/custom/stepfunctions/stepfunctions-cloudformation-template.json',
  },
  {
    name: 'TEAM, no approval',
    statesEntered: 21,
    executions: 3,
    source:
      'aws-samples/iam-identity-center-team 7aaba0d, amplify/backend/custom/stepfunctions/stepfunctions-cloudformation-template.json',
  },
  {
    name: 'snitch, approval and natural expiry',
    statesEntered: 6,
    executions: 1,
    source: 'marceloig/snitch f72337f, amplify/accessRequestWorkflow.ts',
  },
  {
    name: 'snitch, no approval',
    statesEntered: 5,
    executions: 1,
    source: 'marceloig/snitch f72337f, amplify/accessRequestWorkflow.ts',
  },
  {
    name: 'sso-elevator',
    statesEntered: 0,
    executions: 0,
    source:
      'fivexl/terraform-aws-sso-elevator 8632b27, src/schedule.py: no Step Functions; at least three one-shot schedules per request',
  },
] as const;
