import { setTimeout as timer } from 'node:timers/promises';
import { isDaypassError } from '#core/errors.ts';
import { type Check, failure, type Line } from './report.ts';

const atOnce = 6;
/** Long enough for a client's own retries. */
const patienceMs = 15_000;

/** Our own errors wrap what happened. */
const nameOf = (error: unknown): string => {
  if (isDaypassError(error) && error.cause !== undefined) return nameOf(error.cause);
  return error instanceof Error ? error.name : typeof error;
};
const codeOf = (error: unknown): string => {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause instanceof Error ? codeOf(cause) : '';
};

/** Why something could not be looked at. Only names and codes are known to hold nothing secret. */
const whyNot = (error: unknown): { found: string; todo: string } => {
  const name = nameOf(error);
  if (/AccessDenied|UnauthorizedOperation|Forbidden/.test(name)) {
    return {
      found: 'AWS does not let these credentials look.',
      todo: 'Use a profile that may read IAM, EventBridge, CloudTrail, the hub’s table and Lambda’s settings.',
    };
  }
  if (
    /CredentialsProviderError|UnrecognizedClient|InvalidClientTokenId|ExpiredToken|SignatureDoesNotMatch/.test(name)
  ) {
    return {
      found: `The AWS credentials cannot be used (${name}).`,
      todo: 'Renew them, or name another profile with --profile ACCOUNT=PROFILE.',
    };
  }
  if (name === 'TimeoutError' || name === 'AbortError') {
    return {
      found: `It did not answer within ${patienceMs / 1000} s.`,
      todo: 'Check the network between here and there, and run this again.',
    };
  }
  const code = codeOf(error);
  const how = code === '' ? name : code;
  return {
    found: `It could not be looked at (${how}).`,
    todo: 'Check the address and the network, and run this again.',
  };
};

const withoutAnswer = async (signal: AbortSignal, ms: number): Promise<never> => {
  await timer(ms, undefined, { signal });
  throw Object.assign(new Error('No answer'), { name: 'TimeoutError' });
};

/** What a check sees; never throws, except where `signal` ends everything. */
const lookAt = async (
  { area, title, look, patienceMs: mine = patienceMs }: Check,
  signal: AbortSignal,
): Promise<readonly Line[]> => {
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  try {
    return await Promise.race([look(either), withoutAnswer(either, mine)]);
  } catch (error) {
    signal.throwIfAborted();
    const { found, todo } = whyNot(error);
    return [{ area, title, ...failure(found, todo) }];
  } finally {
    done.abort();
  }
};

/** Everything that the checks see, in their order, a few of them at a time. One that fails stops no other. */
export const runChecks = async (checks: readonly Check[], signal: AbortSignal): Promise<readonly Line[]> => {
  const lines: (readonly Line[])[] = [];
  const waiting = checks.entries();
  const worker = async (): Promise<void> => {
    for (const [index, each] of waiting) lines[index] = await lookAt(each, signal);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return lines.flat();
};
