import * as z from 'zod/mini';

const nothing = z.object({});
const requestId = z.string();
/**
 * The end of the window for which `AwaitEnd` waits. Absent in executions that were started before grants could be
 * extended.
 */
const until = z.optional(z.string());
/** `when-due`: the wait's time was up, and a grant that was extended goes on. Absent as in `until`: now. */
const end = z.optional(z.enum(['now', 'when-due']));

/** What each Task of `access-request` takes and gives. */
export const accessRequest = {
  AwaitApproval: {
    input: z.object({ name: z.string(), gate: z.literal('AwaitApproval'), taskToken: z.string() }),
    output: nothing,
  },
  LapseRequest: { input: z.object({ requestId }), output: z.object({ status: z.string() }) },
  ActivateGrant: { input: z.object({ requestId }), output: z.object({ endsAt: z.string() }) },
  AwaitEnd: {
    input: z.object({ name: z.string(), gate: z.literal('AwaitEnd'), taskToken: z.string(), until }),
    output: nothing,
  },
  RevokeSessions: { input: z.object({ requestId, end }), output: z.object({ status: z.string() }) },
  ReportRevocationFailure: { input: z.object({ requestId, error: z.string() }), output: nothing },
};

/** One function serves the gates of every machine. */
export const holdGateContract = {
  input: z.object({
    name: z.string(),
    gate: z.enum(['AwaitApproval', 'AwaitEnd', 'AwaitAnswer']),
    taskToken: z.string(),
    until,
  }),
  output: nothing,
};
