import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecrets } from '#adapters/aws/secrets.ts';
import { ssmService } from '#local/aws/ssm/service.ts';
import { allow, type IdentityStack, type Keys, smallWorld, startIdentity } from '#test/local/aws/sts/identity-stack.ts';

const name = '/daypass/prod/slack/bot-token';
const arn = `arn:aws:ssm:us-east-1:111111111111:parameter${name}`;

let values: Map<string, string>;
let stack: IdentityStack;
let clients: { destroy(): void }[] = [];

beforeEach(async () => {
  values = new Map([[name, 'xoxb-first']]);
  const reader = { accountId: '111111111111', userName: 'reader', policies: { read: allow('ssm:GetParameter', arn) } };
  const other = { ...reader, userName: 'other', policies: { read: allow('ssm:GetParameter', `${arn}-of-others`) } };
  stack = await startIdentity(
    { ...smallWorld, users: [...smallWorld.users, reader, other] },
    { services: { ssm: ssmService('111111111111', (parameter) => values.get(parameter)) } },
  );
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  await stack.close();
  expect(stack.faults).toEqual([]);
});

const settings = (accountId: string, userName: string) => {
  const credentials: Keys = stack.iam.credentialsOf(`arn:aws:iam::${accountId}:user/${userName}`);
  return { endpoint: stack.url, region: 'us-east-1', credentials, maxAttempts: 1 };
};
const ssm = (accountId = '111111111111', userName = 'reader'): SSMClient => {
  const client = new SSMClient(settings(accountId, userName));
  clients.push(client);
  return client;
};

describe('GetParameter over the wire', () => {
  it('answers with the decrypted value to whoever may read just that parameter', async () => {
    const { Parameter } = await ssm().send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    expect(Parameter).toMatchObject({ Name: name, Type: 'SecureString', Value: 'xoxb-first', Version: 1 });
  });

  it('is refused to whoever may read another one', async () => {
    const reading = ssm('111111111111', 'other').send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    await expect(reading).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('knows no parameter of another account, and none that is not there', async () => {
    const foreign = ssm('222222222222', 'production-admin');
    await expect(foreign.send(new GetParameterCommand({ Name: name, WithDecryption: true }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
    const admin = ssm('111111111111', 'hub-admin');
    await expect(admin.send(new GetParameterCommand({ Name: '/none', WithDecryption: true }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
  });

  it('gives no value away undecrypted, and takes none', async () => {
    await expect(ssm().send(new GetParameterCommand({ Name: name }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    const admin = ssm('111111111111', 'hub-admin');
    await expect(admin.send(new PutParameterCommand({ Name: name, Value: 'x' }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});

describe('the secrets of a function', () => {
  const secretsOf = (userName: string) => createSecrets(() => name, settings('111111111111', userName), stack.clock);

  it('are read once and then again after a minute, so that a changed one comes into use', async () => {
    const secrets = secretsOf('reader');
    expect(await Promise.all([secrets.slackBotToken(), secrets.slackBotToken()])).toEqual(['xoxb-first', 'xoxb-first']);
    expect(stack.completed.filter(({ action }) => action === 'GetParameter')).toHaveLength(1);
    values.set(name, 'xoxb-second');
    await stack.clock.turn(59_000);
    expect(await secrets.slackBotToken()).toBe('xoxb-first');
    await stack.clock.turn(1_000);
    expect(await secrets.slackBotToken()).toBe('xoxb-second');
  });

  it('stay in use while SSM does not have them', async () => {
    const secrets = secretsOf('reader');
    await secrets.slackSigningSecret();
    values.clear();
    await stack.clock.turn(60_000);
    expect(await secrets.slackSigningSecret()).toBe('xoxb-first');
  });

  it('that cannot be read say which parameter it is and what to do', async () => {
    await expect(secretsOf('other').slackBotToken()).rejects.toMatchObject({
      name: 'SecretUnavailable',
      remedy: 'retry-later',
      message: expect.stringMatching(
        /^The parameter \/daypass\/prod\/slack\/bot-token could not be read from SSM\. Put it there as a SecureString/,
      ),
    });
    values.set(name, '');
    await expect(secretsOf('reader').slackBotToken()).rejects.toThrow(`The parameter ${name} in SSM is empty.`);
  });
});
