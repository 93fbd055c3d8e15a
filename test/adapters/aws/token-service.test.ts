import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { STSClientConfig } from '@aws-sdk/client-sts';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTokenService } from '#adapters/aws/token-service.ts';
import { http } from '#functions/middy/http.ts';

const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
const order = {
  roleArn: 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin',
  durationSec: 900,
  roleSessionName: 'alice-1',
  sourceIdentity: 'alice',
  tags: { 'daypass:grant': '1' },
  sessionPolicy: '{}',
};

let server: Server | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  server?.closeAllConnections();
  await new Promise<void>((done) => (server ? server.close(() => done()) : done()));
  server = undefined;
});

/** The real STS as far as it refuses: the Query protocol's own form of an error. */
const refusing = async (code: string, message: string): Promise<STSClientConfig> => {
  const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
  const listening = createServer((_, response) => response.writeHead(403, { 'content-type': 'text/xml' }).end(body));
  server = listening;
  await new Promise<void>((ready) => listening.listen(0, '127.0.0.1', ready));
  const { port } = listening.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, region: 'eu-south-1', credentials, maxAttempts: 1 };
};

const inactive = 'STS is not activated in this region for account:222222222222.';

describe('case 49: STS in a region', () => {
  it('that is switched off gives no credentials, and says what has to be done where', async () => {
    const { assumeRole } = createTokenService(await refusing('RegionDisabledException', inactive));
    await expect(assumeRole(order)).rejects.toMatchObject({
      name: 'CredentialsRefused',
      remedy: 'call-an-operator',
      message:
        'STS is switched off in eu-south-1 for the account of arn:aws:iam::222222222222:role/daypass-jit-orders-admin. ' +
        'An operator should activate it there under IAM, Account settings; a region that is not on by default must be enabled in this account and in the hub. ' +
        `(RegionDisabledException: ${inactive})`,
    });
  });

  it('that is switched off is told to the person as something for an operator, and to the operator by the log', async () => {
    const { assumeRole } = createTokenService(await refusing('RegionDisabledException', inactive));
    const logged: unknown[] = [];
    const log = { info: () => {}, warn: () => {}, error: (...line: unknown[]) => void logged.push(line) };
    const mint = http(log, async () => ({ status: 200, body: await assumeRole(order) }));
    const event = { headers: {}, requestContext: { http: { method: 'POST', path: '/v1/requests/1/credentials' } } };
    const answer = await mint(event as APIGatewayProxyEventV2, {} as Context);
    expect(answer.statusCode).toBe(500);
    expect(JSON.parse(answer.body ?? '')).toEqual({
      error: {
        code: 'credentials-refused',
        message: expect.stringContaining('STS is switched off in eu-south-1'),
        next: 'Tell whoever runs Daypass.',
      },
    });
    expect(JSON.stringify(logged)).toContain('STS is switched off in eu-south-1');
  });

  it('is asked there, never through the global endpoint, whatever the environment prefers', async () => {
    vi.stubEnv('AWS_STS_REGIONAL_ENDPOINTS', 'legacy');
    vi.stubEnv('AWS_ENDPOINT_URL_STS', '');
    const asked: string[] = [];
    for (const region of ['eu-west-1', 'us-east-1', 'ap-east-1']) {
      const requestHandler = {
        handle: (request: { hostname: string }) => {
          asked.push(request.hostname);
          return Promise.reject(new Error('no network'));
        },
      };
      const sts = createTokenService({ region, credentials, requestHandler, maxAttempts: 1 });
      await expect(sts.assumeRole(order)).rejects.toMatchObject({ name: 'CredentialsUnavailable' });
    }
    expect(asked).toEqual([
      'sts.eu-west-1.amazonaws.com',
      'sts.us-east-1.amazonaws.com',
      'sts.ap-east-1.amazonaws.com',
    ]);
  });
});

it('what does not fit into a session is for an operator too; what may pass is for another try', async () => {
  const full = createTokenService(await refusing('PackedPolicyTooLarge', 'Packed size of session tags consumes 142%.'));
  await expect(full.assumeRole(order)).rejects.toMatchObject({
    name: 'CredentialsRefused',
    message: expect.stringContaining("shorten the entitlement's tags"),
  });
  server?.close();
  for (const code of ['InternalFailure', 'Throttling', 'ExpiredToken']) {
    const away = createTokenService(await refusing(code, 'no'));
    await expect(away.assumeRole(order)).rejects.toMatchObject({
      name: 'CredentialsUnavailable',
      remedy: 'retry-later',
    });
    server?.close();
  }
});

it('a role that STS does not let us take is for an operator, who is told how it is onboarded', async () => {
  const sts = createTokenService(await refusing('AccessDenied', 'User is not authorized to perform: sts:AssumeRole'));
  await expect(sts.assumeRole(order)).rejects.toMatchObject({
    name: 'CredentialsRefused',
    remedy: 'call-an-operator',
    message:
      'STS does not let Daypass take arn:aws:iam::222222222222:role/daypass-jit-orders-admin. ' +
      'If the role, its entitlement or its tags are new in the access policy, their account was not onboarded since: ' +
      'an operator should run `daypass onboard` for account 222222222222 and deploy what it prints; `daypass doctor` says what is missing. ' +
      'Within a minute of that, try again. (AccessDenied: User is not authorized to perform: sts:AssumeRole)',
  });
});
