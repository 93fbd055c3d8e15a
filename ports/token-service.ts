export type AssumeOrder = {
  roleArn: string;
  externalId?: string;
  /** 900 to 3600. */
  durationSec: number;
  roleSessionName: string;
  sourceIdentity: string;
  /** All of them are passed on when the session assumes another role. */
  tags: Readonly<Record<string, string>>;
  /** Inline session policy, JSON. */
  sessionPolicy: string;
};

export type SessionCredentials = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  /** ISO 8601. */
  expiresAt: string;
};

/** STS. */
export type TokenService = {
  /**
   * Throws `CredentialsUnavailable`, or `CredentialsRefused` where trying again is of no use. The answer is secret:
   * hand it out once and keep it nowhere.
   */
  assumeRole(order: AssumeOrder): Promise<SessionCredentials>;
};
