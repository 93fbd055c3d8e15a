import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { slackBotTokenParameter, slackSigningSecretParameter } from '#deploy/hub/names.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** A secret, and where it was taken from, which alone may be shown. `value` is undefined where there is none. */
export type Secret = { value: string | undefined; from: string };
export type SlackSecrets = { botToken: Secret; signingSecret: Secret };

const parameter = async (ssm: SSMClient | undefined, Name: string, abortSignal: AbortSignal): Promise<Secret> => {
  const from = `the hub’s parameter ${Name}`;
  if (!ssm) return { value: undefined, from };
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }), { abortSignal });
    return { value: Parameter?.Value || undefined, from };
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown';
    return {
      value: undefined,
      from: name === 'ParameterNotFound' ? from : `${from}, which could not be read (${name})`,
    };
  }
};

/**
 * From the environment, else from the parameters that the functions read. `ssm` is the hub's, where it can be reached.
 */
export const slackSecrets = async (
  env: Env,
  ssm: SSMClient | undefined,
  stage: string,
  signal: AbortSignal,
): Promise<SlackSecrets> => {
  const one = async (variable: string, name: string): Promise<Secret> => {
    const value = env[variable];
    return value ? { value, from: variable } : parameter(ssm, name, signal);
  };
  const [botToken, signingSecret] = await Promise.all([
    one('SLACK_BOT_TOKEN', slackBotTokenParameter(stage)),
    one('SLACK_SIGNING_SECRET', slackSigningSecretParameter(stage)),
  ]);
  return { botToken, signingSecret };
};
