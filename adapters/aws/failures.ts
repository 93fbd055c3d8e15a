import { DaypassError, type ErrorName } from '#core/errors.ts';

/** The error's name, which is how the AWS SDK says what went wrong. */
export const nameOfError = (error: unknown): string => (error instanceof Error ? error.name : String(error));

/** A `catch` that turns whatever an AWS call threw into the error that the callers of a port know. */
export const as =
  (name: ErrorName, what: string) =>
  (error: unknown): never => {
    if (error instanceof DaypassError) throw error;
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new DaypassError(name, `${what} (${why})`, { cause: error });
  };
