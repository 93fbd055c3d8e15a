import type { FunctionConfig } from '#functions/config.ts';
import type { SettingName } from '#ports/setting.ts';
import { arns } from './arns.ts';
import { busName, slackBotTokenParameter, slackSigningSecretParameter, tableName } from './names.ts';
import { withSubs } from './resource.ts';

/** Where the access policy lies in a function's bundle. */
export const policyPath = '/var/task/access.json';

/**
 * Every setting that a function may ask for. No secret is among them: of Slack's there is the name of the parameter.
 */
const settings = (stage: string): Readonly<Record<string, string>> => ({
  DAYPASS_TABLE: tableName,
  DAYPASS_BUS: busName,
  DAYPASS_POLICY: policyPath,
  DAYPASS_URL: 'https://${HttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}',
  DAYPASS_ACCESS_REQUEST_ARN: arns(stage)['access-request-arn'] ?? '',
  DAYPASS_ALERT_RESPONSE_ARN: arns(stage)['alert-response-arn'] ?? '',
  DAYPASS_LOCKDOWN_ARN: arns(stage)['lockdown-arn'] ?? '',
  SLACK_BOT_TOKEN_PARAMETER: slackBotTokenParameter(stage),
  SLACK_SIGNING_SECRET_PARAMETER: slackSigningSecretParameter(stage),
});

/** A function's environment: what its configuration names. Throws an Error that names a setting which has no value. */
export const environmentOf = (config: FunctionConfig, stage: string): Readonly<Record<string, unknown>> => {
  const settingFor = (name: SettingName): unknown => {
    const value = settings(stage)[name];
    if (value) return withSubs(value);
    throw new Error(
      `${config.name} asks for ${name}, which has no value in the hub. Add it to deploy/hub/environment.ts.`,
    );
  };
  return Object.fromEntries(config.environment.map((name) => [name, settingFor(name)]));
};
