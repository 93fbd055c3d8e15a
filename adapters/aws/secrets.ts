import { GetParameterCommand, SSMClient, type SSMClientConfig } from '@aws-sdk/client-ssm';
import { DaypassError } from '#core/errors.ts';
import type { Clock } from '#ports/clock.ts';
import type { Secrets } from '#ports/secrets.ts';
import type { SettingName } from '#ports/setting.ts';
import { as } from './failures.ts';

/** A secret that was changed is in use after this. */
const keptMs = 60_000;

/**
 * Secrets from SSM's SecureString parameters, whose names stand in the environment. A value is read again once a
 * minute; while SSM does not answer, the one known before goes on.
 */
export const createSecrets = (
  setting: (name: SettingName) => string,
  config: SSMClientConfig,
  clock: Clock,
): Secrets => {
  const ssm = new SSMClient(config);

  const read = async (name: string): Promise<string> => {
    const { Parameter } = await ssm
      .send(new GetParameterCommand({ Name: name, WithDecryption: true }))
      .catch(
        as(
          'SecretUnavailable',
          `The parameter ${name} could not be read from SSM. Put it there as a SecureString, and check that this function may read it.`,
        ),
      );
    if (Parameter?.Value) return Parameter.Value;
    throw new DaypassError('SecretUnavailable', `The parameter ${name} in SSM is empty. Put the secret there.`);
  };

  const kept = (settingName: SettingName): (() => Promise<string>) => {
    let known: { value: string; readAtMs: number } | undefined;
    let reading: Promise<string> | undefined;
    const refresh = async (): Promise<string> => {
      try {
        known = { value: await read(setting(settingName)), readAtMs: clock.nowMs() };
        return known.value;
      } catch (error) {
        if (known) return known.value;
        throw error;
      } finally {
        reading = undefined;
      }
    };
    return async () => {
      if (known && clock.nowMs() - known.readAtMs < keptMs) return known.value;
      reading ??= refresh();
      return reading;
    };
  };

  return {
    slackBotToken: kept('SLACK_BOT_TOKEN_PARAMETER'),
    slackSigningSecret: kept('SLACK_SIGNING_SECRET_PARAMETER'),
  };
};
