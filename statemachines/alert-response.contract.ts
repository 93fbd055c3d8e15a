import * as z from 'zod/mini';

const alertId = z.string();
const nothing = z.object({});

/** What each Task of `alert-response` takes and gives. */
export const alertResponse = {
  AwaitAnswer: {
    input: z.object({ name: z.string(), gate: z.literal('AwaitAnswer'), taskToken: z.string() }),
    output: nothing,
  },
  ExpireAlert: {
    input: z.object({ alertId }),
    output: z.object({ action: z.enum(['revoke', 'expected', 'unanswered']) }),
  },
  RevokeAlert: { input: z.object({ alertId }), output: z.object({ result: z.string() }) },
  CloseAlert: { input: z.object({ alertId, result: z.optional(z.string()) }), output: nothing },
  ReportAlertFailure: { input: z.object({ alertId, error: z.string() }), output: nothing },
};
