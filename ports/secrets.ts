/** What Slack and Daypass share. Kept in memory only. Both throw SecretUnavailable. */
export type Secrets = {
  slackBotToken(): Promise<string>;
  slackSigningSecret(): Promise<string>;
};
