/**
 * The figures that an operator needs and AWS does not give by itself. The unit is in the name; one without is a count.
 */
export type Metric =
  /** From the end of a grant, or Revoke on an alert, to the deny that was read back from the role. */
  | 'RevocationSeconds'
  /**
   * Grants and alerts whose revocation is due and does not hold, or roles whose deny cannot be put right, as the
   * sweeper leaves them. Once for each sweep.
   */
  | 'RevocationsOutstanding'
  /** From what CloudTrail calls the time of an event to its judgement. */
  | 'DetectionDelaySeconds'
  /** Events that a rule let through and nobody could read. */
  | 'UnparsedEvents';

/** Where figures go. Never fails, and what uses it never waits for it. */
export type Metrics = { record(metric: Metric, value: number): void };
