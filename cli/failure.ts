/** What the CLI's exit codes mean. Scripts rely on them. */
export const exits = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  denied: 3,
  waiting: 4,
  notFound: 5,
  notLoggedIn: 6,
  upstream: 7,
  interrupted: 130,
} as const;

export type Exit = (typeof exits)[keyof typeof exits];

/**
 * Why a command ends without what it was for. The message says what happened, the hint what to do; neither is secret.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exit: Exit;
  readonly code: string;
  readonly hint: string | undefined;
  constructor(exit: Exit, code: string, message: string, hint?: string) {
    super(message);
    this.exit = exit;
    this.code = code;
    this.hint = hint;
  }

  /** The same failure, with something better to do about it. */
  saying(hint: string): Failure {
    return new Failure(this.exit, this.code, this.message, hint);
  }
}

export const usage = (message: string, hint?: string): Failure => new Failure(exits.usage, 'usage', message, hint);

export const interrupted = (hint?: string): Failure =>
  new Failure(exits.interrupted, 'interrupted', 'Interrupted.', hint);
