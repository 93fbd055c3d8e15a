/** Something that an owner of the policy has to put right, or should know. */
export type PolicyProblem = {
  /** `entitlements.orders-admin.role`; empty for the file as a whole. */
  path: string;
  /** From 1. */
  line: number;
  /** What is wrong, in a sentence. */
  message: string;
  /** What to do; empty where the message says it. */
  hint: string;
};

/** One line for a terminal or a log. */
export const problemLine = ({ path, line, message, hint }: PolicyProblem): string =>
  [`line ${line}:`, ...(path === '' ? [] : [`${path}:`]), message, ...(hint === '' ? [] : [hint])].join(' ');
