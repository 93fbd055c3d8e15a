/** Grants or roles that one invocation ends side by side. */
export const sliceSize = 25;

/**
 * What one page holds, whose slices the workflow's Map takes. An execution has at most 25,000 events in its history
 * (docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). A slice that succeeds makes 7 of them, one that
 * fails all 7 attempts and is reported 30, a page some 15 besides: 10 slices are 85 to 315, so one execution takes 79
 * pages of 250 grants at the worst, 19,750. An inline Map takes 40 at once and 256 KB; the machine takes 5, and a page
 * has 10 and some 8 KB.
 */
export const pageSize = 10 * sliceSize;

export const inSlices = (subjects: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(subjects.length / sliceSize) }, (_, index) =>
    subjects.slice(index * sliceSize, (index + 1) * sliceSize),
  );
