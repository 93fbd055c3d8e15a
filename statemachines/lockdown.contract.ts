import * as z from 'zod/mini';

const lockdownId = z.string();
/** Request ids and role ARNs. */
const subjects = z.array(z.string());
const nothing = z.object({});

/** What each Task of `lockdown` takes and gives. */
export const lockdown = {
  FindLocked: { input: z.object({ lockdownId }), output: z.object({ slices: z.array(subjects) }) },
  RevokeLocked: { input: z.object({ lockdownId, subjects }), output: nothing },
  ReportLockedFailure: { input: z.object({ lockdownId, subjects, error: z.string() }), output: nothing },
  FinishLockdown: { input: z.object({ lockdownId }), output: z.object({ failed: z.number() }) },
};
