import type { Health } from '../facts/http.ts';
import { failure, ok, type Verdict, warning } from '../report.ts';

/** Whether what answers is a Daypass that is well. */
export const judgeHealth = (api: string, { status, healthy }: Health): Verdict => {
  if (healthy) return ok(`${api} is healthy.`);
  return status >= 500
    ? failure(`${api} answers HTTP ${status}.`, 'Look at the log of daypass-api.')
    : failure(`What answers at ${api} is no Daypass (HTTP ${status}).`, 'Check --api or DAYPASS_API.');
};

/** Whether a login can show from which address it was asked for. */
export const judgeSeenFrom = (seenFrom: string | null): Verdict =>
  seenFrom === null
    ? warning(
        'Logins show no address: a proxy in front of the node hides it.',
        'Start the node with --trusted-proxies and how many proxies of yours stand in front of it.',
      )
    : ok(`A login from here shows ${seenFrom}.`);
