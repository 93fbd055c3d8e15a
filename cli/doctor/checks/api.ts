import type { Health } from '../facts/http.ts';
import { failure, ok, type Verdict } from '../report.ts';

/** Whether what answers is a Daypass that is well. */
export const judgeHealth = (api: string, { status, healthy }: Health): Verdict => {
  if (healthy) return ok(`${api} is healthy.`);
  return status >= 500
    ? failure(`${api} answers HTTP ${status}.`, 'Look at the log of daypass-api.')
    : failure(`What answers at ${api} is no Daypass (HTTP ${status}).`, 'Check --api or DAYPASS_API.');
};
