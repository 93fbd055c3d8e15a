import type { Context } from 'aws-lambda';

type Handler<E, R> = (event: E, context: Context) => Promise<R>;

/** A Lambda handler that is built at its first call, so that importing the module needs no environment. */
export const lazily = <E, R>(build: () => Handler<E, R>): Handler<E, R> => {
  let built: Handler<E, R> | undefined;
  return (event, context) => {
    built ??= build();
    return built(event, context);
  };
};
