/** What the Web API answers when it does not do something: `{ ok: false, error }` and perhaps where it was wrong. */
export class SlackRefusal extends Error {
  /** Slack's own name for it, for example `channel_not_found`. */
  readonly error: string;
  /** For `response_metadata.messages`. */
  readonly problems: readonly string[];
  constructor(error: string, problems: readonly string[] = []) {
    super(problems.length === 0 ? error : `${error}: ${problems.join('; ')}`);
    this.name = 'SlackRefusal';
    this.error = error;
    this.problems = problems;
  }
  body(): Record<string, unknown> {
    if (this.problems.length === 0) return { ok: false, error: this.error };
    return {
      ok: false,
      error: this.error,
      errors: this.problems,
      response_metadata: { messages: this.problems.map((problem) => `[ERROR] ${problem}`) },
    };
  }
}
