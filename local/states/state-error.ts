/**
 * The error names that the interpreter itself raises.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export const errorNames = {
  all: 'States.ALL',
  taskFailed: 'States.TaskFailed',
  timeout: 'States.Timeout',
  heartbeatTimeout: 'States.HeartbeatTimeout',
  queryEvaluation: 'States.QueryEvaluationError',
  dataLimit: 'States.DataLimitExceeded',
  runtime: 'States.Runtime',
} as const;

/** An error as a Retry or Catch sees it, and as `$states.errorOutput` shows it. */
export class StateError extends Error {
  readonly error: string;
  override readonly cause: string;
  /** The field whose expression failed, for a `States.QueryEvaluationError`. */
  readonly field: string | undefined;
  constructor(error: string, cause: string, field?: string) {
    super(`${error}: ${cause}`);
    this.name = 'StateError';
    this.error = error;
    this.cause = cause;
    this.field = field;
  }
}

/**
 * States that fail to pass on data above this fail with `States.DataLimitExceeded`.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const payloadLimitBytes = 262_144;

/** `value` as JSON text. Throws `States.DataLimitExceeded` above 256 KiB of UTF-8. */
export const boundedJson = (value: unknown, what: string): string => {
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes > payloadLimitBytes) {
    throw new StateError(errorNames.dataLimit, `${what} has ${bytes} bytes, the limit is ${payloadLimitBytes}.`);
  }
  return text;
};
