import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import { DaypassError } from '#core/errors.ts';

/** What one Task takes and gives, as its state machine sees it. */
export type TaskContract<I extends z.ZodMiniType, O extends z.ZodMiniType> = { input: I; output: O };

const parse = <T extends z.ZodMiniType>(schema: T, what: string, value: unknown): z.infer<T> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || what}: ${issue.message}`).join('; ');
  throw new DaypassError('InvalidInput', `The ${what} does not follow its contract: ${problems}.`);
};

const validate = <I extends z.ZodMiniType, O extends z.ZodMiniType>(
  contract: TaskContract<I, O>,
): MiddlewareObj<unknown, unknown> => ({
  before: (request) => {
    request.event = parse(contract.input, 'task input', request.event);
  },
  after: (request) => {
    request.response = parse(contract.output, 'task output', request.response);
  },
});

/** The stack of every Step Functions task. No `onError`: an error must keep the name that the ASL matches on. */
export const task = <I extends z.ZodMiniType, O extends z.ZodMiniType>(
  contract: TaskContract<I, O>,
  run: (input: z.infer<I>) => Promise<z.infer<O>>,
): ((event: unknown, context: Context) => Promise<z.infer<O>>) => {
  const stack = middy<unknown, unknown>({ timeoutEarlyInMillis: 500 })
    .use(validate(contract))
    .handler((event) => run(event as z.infer<I>));
  return (event, context) => stack(event, context) as Promise<z.infer<O>>;
};
