import type { Clock } from '#ports/clock.ts';

/** What every command takes: `--api` and `--json`. */
export type CommonOptions = { api?: string; json?: boolean };

/** The world of one run of the CLI. */
export type Context = {
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  api: string | undefined;
  /** What ran this: Node, then the file that it was given. Whole paths. */
  self: readonly string[];
  json: boolean;
  /** Somebody sits before it: only then is anything asked, or moves. */
  interactive: boolean;
  /** Whether stdout shows colours: a terminal, where nobody said NO_COLOR. */
  colour: boolean;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Data, for programs and people: a whole line. */
  print(line: string): void;
  /** Chatter, for people only. Never anything secret. */
  say(line: string): void;
};

/** A command's result: one object on stdout with `--json`, else the lines for people. */
export const succeed = (context: Context, data: unknown, lines: readonly string[]): void => {
  if (context.json) context.print(JSON.stringify({ ok: true, data }));
  else for (const line of lines) context.print(line);
};

/** Text that came from elsewhere, without what a terminal would obey. */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
