/** What a function may be told by its environment, by name; `deploy/hub/environment.ts` gives each its value. */
export type SettingName =
  | 'DAYPASS_TABLE'
  | 'DAYPASS_BUS'
  | 'DAYPASS_POLICY'
  | 'DAYPASS_URL'
  | 'DAYPASS_ACCESS_REQUEST_ARN'
  | 'DAYPASS_ALERT_RESPONSE_ARN'
  | 'DAYPASS_LOCKDOWN_ARN'
  | 'SLACK_BOT_TOKEN_PARAMETER'
  | 'SLACK_SIGNING_SECRET_PARAMETER';
