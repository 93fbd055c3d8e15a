import type { Severity } from '#core/alert/severity.ts';
import { deadBy } from '#core/ledger/lifetime.ts';

/** One hit of one detection. */
export type Finding = {
  detection: string;
  severity: Severity;
  /** What it is about, what was done and by whom; findings with the same key are one alert. */
  dedupKey: string;
  /**
   * Two findings of one key with the same deed are the very same thing, done again. Absent where each is a thing of its
   * own.
   */
  deed?: string;
  /** The principal that called, whatever its session: whoever causes too many alerts is known by it. */
  by?: string;
  /** Its alert holds everything beyond what may be an alert of its own: of this caller on the role, or of all. */
  holds?: 'further of caller' | 'further of role';
  /** One plain sentence for people. */
  summary: string;
  /** When CloudTrail says it happened, ISO 8601. */
  at: string;
  /** CloudTrail's event id (the shared one where there is one). */
  eventId: string;
  accountId: string;
  /** `unknown` for an event that could not be read, or that is about no one role. */
  roleArn: string;
  /** The session to revoke, where there is one. */
  session?: FoundSession;
  /** Whose grant it is about, where it is somebody's. That person cannot call it expected. */
  personId?: string;
  /** Facts for Details: label → value, plain text, hostile until escaped. */
  facts: Readonly<Record<string, string>>;
};

/**
 * One role session as the deny policy can name it: by its grant where it is really of that grant, otherwise by its
 * `aws:userid` (`AROA…:<session name>`). A grant tag that nobody vouches for is no `grantId`.
 */
export type FoundSession = {
  userId: string;
  grantId?: string;
  accessKeyId?: string;
  /** When its credentials expire. */
  expiresBy: string;
  /** When nothing of it can be used any more, see `lifetime.ts`; missing in findings of earlier versions. */
  deadBy?: string;
};

/** Until when a deny of it has to stay; for a finding of an earlier version the worst is taken to be true. */
export const deadByOf = ({ expiresBy, deadBy: known }: FoundSession): string =>
  known ?? deadBy(expiresBy, { chained: false });
