import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CredentialsView } from '#core/api/views.ts';
import { environmentWith, isForeign, toRemove, variablesOf } from '../../cli/variables.ts';
import { credentials as sample } from './samples.ts';

/** SDKs use none that have expired. */
const credentials: CredentialsView = {
  ...sample,
  credentials: { ...sample.credentials, expiresAt: '2099-01-01T00:00:00.000Z' },
};
/** As a hub in AWS hands them out: good at AWS's own addresses. */
const { endpointUrl: _, ...inAws } = credentials;
const embedded: CredentialsView = { ...credentials, endpointUrl: 'http://127.0.0.1:4566' };

/** Everything that has an SDK call elsewhere or as somebody else. */
const poison: Readonly<Record<string, string>> = {
  AWS_PROFILE: 'other',
  AWS_DEFAULT_PROFILE: 'other',
  AWS_ACCOUNT_ID: '999999999999',
  AWS_CREDENTIAL_SCOPE: 'us-west-2',
  AWS_SECURITY_TOKEN: 'another-token',
  AWS_ACCESS_KEY: 'AKIAOTHER',
  AWS_SECRET_KEY: 'other-secret',
  AWS_AUTH_SCHEME_PREFERENCE: 'noAuth,httpBearerAuth',
  AWS_BEARER_TOKEN_BEDROCK: 'old-bearer',
  AWS_BEARER_TOKEN_DYNAMODB: 'old-bearer',
  AWS_DATA_PATH: '/nonexistent/models',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9',
  AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:9',
  AWS_ROLE_ARN: 'arn:aws:iam::999999999999:role/other',
  AWS_ROLE_SESSION_NAME: 'other',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/nonexistent/token',
  AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:9/',
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/other',
  AWS_CONTAINER_AUTHORIZATION_TOKEN: 'other',
};

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'daypass-poisoned-'));
  mkdirSync(join(home, '.aws'));
  const elsewhere = 'endpoint_url = http://127.0.0.1:9';
  const config = `[default]\nregion = eu-west-1\n${elsewhere}\nservices = moved\n[profile other]\n${elsewhere}\n[services moved]\ndynamodb =\n  ${elsewhere}\nsts =\n  ${elsewhere}\n`;
  writeFileSync(join(home, '.aws', 'config'), config);
  writeFileSync(
    join(home, '.aws', 'credentials'),
    '[default]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other\n[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other\n',
  );
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const environmentOf = (view: CredentialsView): NodeJS.ProcessEnv => {
  // Whichever of the two is the wrong one here.
  const ignore = { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: view.endpointUrl === undefined ? 'false' : 'true' };
  const theirs = { ...poison, ...ignore, HOME: home, PATH: process.env.PATH };
  return environmentWith(variablesOf(view, theirs), theirs);
};

/** Where a call would go, who signed it, and with which token; it is not sent. */
const inJavaScript = `
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
const requestHandler = {
  handle: async ({ protocol, hostname, port, headers }) => {
    const key = /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1];
    console.log([protocol + '//' + hostname + (port ? ':' + port : ''), key, headers['x-amz-security-token']].join(' '));
    process.exit(0);
  },
};
const options = { requestHandler, maxAttempts: 1 };
if (process.argv[1] === 'sts') await new STSClient(options).send(new GetCallerIdentityCommand({}));
else await new DynamoDBClient(options).send(new ListTablesCommand({}));
`;
const javaScript = (view: CredentialsView, service: string): string =>
  execFileSync(process.execPath, ['--input-type=module', '-e', inJavaScript, service], {
    env: environmentOf(view),
    encoding: 'utf8',
  }).trim();

const inPython = `
import os, re, sys, botocore.session
client = botocore.session.get_session().create_client(sys.argv[1])
def told(request, **_):
    text = lambda value: value.decode() if isinstance(value, bytes) else str(value)
    key = re.search('Credential=([^/]+)', text(request.headers['Authorization'])).group(1)
    print(request.url.rstrip('/'), key, text(request.headers['X-Amz-Security-Token']), flush=True)
    os._exit(0)
client.meta.events.register('before-send', told)
client.list_tables() if sys.argv[1] == 'dynamodb' else client.get_caller_identity()
`;

const { accessKeyId, sessionToken } = credentials.credentials;

describe('a call of a command under `exec`, whatever its environment and files were', () => {
  const calls: [string, CredentialsView, string, string][] = [
    ['goes to the account of the grant', inAws, 'dynamodb', 'https://222222222222.ddb.us-east-1.amazonaws.com'],
    ['goes to AWS', inAws, 'sts', 'https://sts.us-east-1.amazonaws.com'],
    ['goes where the API says', embedded, 'dynamodb', 'http://127.0.0.1:4566'],
    ['goes where the API says', embedded, 'sts', 'http://127.0.0.1:4566'],
  ];

  it.each(calls)('%s, signed by the grant: the SDK for JavaScript (%#)', (_, view, service, where) => {
    expect(javaScript(view, service)).toBe(`${where} ${accessKeyId} ${sessionToken}`);
  });

  it.each(calls)('%s, signed by the grant: botocore, where it is installed (%#)', (_, view, service, where) => {
    const ran = spawnSync('python3', ['-c', inPython, service], { env: environmentOf(view), encoding: 'utf8' });
    if (ran.error || ran.stderr.includes('No module named')) {
      console.info('botocore is not here, so it was not asked.');
      expect(ran.stdout ?? '').toBe('');
      return;
    }
    expect(ran.stdout.trim(), ran.stderr).toBe(`${where} ${accessKeyId} ${sessionToken}`);
  });
});

describe('the region', () => {
  const regions = (env: Record<string, string>) => {
    const { AWS_REGION, AWS_DEFAULT_REGION } = variablesOf(inAws, env);
    return [AWS_REGION, AWS_DEFAULT_REGION];
  };
  it('that somebody chose stays, under both names; else it is the grant’s', () => {
    expect(regions({})).toEqual(['us-east-1', 'us-east-1']);
    expect(regions({ AWS_REGION: 'eu-central-1' })).toEqual(['eu-central-1', 'eu-central-1']);
    expect(regions({ AWS_DEFAULT_REGION: 'eu-west-1' })).toEqual(['eu-west-1', 'eu-west-1']);
    expect(regions({ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-west-1' })).toEqual([
      'eu-central-1',
      'eu-west-1',
    ]);
  });
});

describe('what is removed', () => {
  it('is named for a shell whether it is there or not, and of families what is there', () => {
    const removed = toRemove(variablesOf(inAws, {}), {
      AWS_ENDPOINT_URL_S3: 'x',
      AWS_BEARER_TOKEN_NEW: 'y',
      MINE: 'z',
    });
    expect(removed).toEqual(
      expect.arrayContaining(['AWS_PROFILE', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3', 'AWS_BEARER_TOKEN_NEW']),
    );
    expect(removed).not.toContain('MINE');
    expect(toRemove(variablesOf(embedded, {}), {})).not.toContain('AWS_ENDPOINT_URL');
  });

  it('has no case on Windows, and case elsewhere, where nobody reads another', () => {
    const theirs = { aws_profile: 'other', Aws_Access_Key_Id: 'AKIAOTHER', Path: 'p' };
    expect(Object.keys(environmentWith({ AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE' }, theirs, 'win32'))).toEqual([
      'Path',
      'AWS_ACCESS_KEY_ID',
    ]);
    expect(environmentWith({}, theirs, 'linux')).toEqual(theirs);
  });
});

describe('every variable that an AWS SDK reads', () => {
  /** What neither moves a call to somebody else's address nor changes who calls, once static keys are set. */
  const harmless: Readonly<Record<string, string>> = {
    AWS_CONFIG_FILE: 'its default profile names neither endpoint nor credentials that count: see above',
    AWS_SHARED_CREDENTIALS_FILE: 'asked only where there are no keys, or for a profile',
    AWS_LOGIN_CACHE_DIRECTORY: 'asked only for a profile',
    BOTO_CONFIG: 'asked only where there are no keys',
    AWS_EC2_METADATA_DISABLED: 'the metadata service is asked only where there are no keys',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: 'as above',
    AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: 'as above',
    AWS_EC2_METADATA_V1_DISABLED: 'as above',
    AWS_METADATA_SERVICE_TIMEOUT: 'as above',
    AWS_METADATA_SERVICE_NUM_ATTEMPTS: 'as above',
    AWS_IMDS_USE_IPV6: 'as above',
    AWS_USE_FIPS_ENDPOINT: 'another address of AWS',
    AWS_USE_DUALSTACK_ENDPOINT: 'another address of AWS',
    AWS_ACCOUNT_ID_ENDPOINT_MODE: 'another address of AWS, of the account that is set',
    AWS_STS_REGIONAL_ENDPOINTS: 'another address of AWS',
    AWS_S3_US_EAST_1_REGIONAL_ENDPOINT: 'another address of AWS',
    AWS_S3_USE_ARN_REGION: 'the region that the ARN of a call names',
    AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS: 'refuses calls',
    AWS_S3_DISABLE_EXPRESS_SESSION_AUTH: 'signs with the keys themselves',
    AWS_SIGV4A_SIGNING_REGION_SET: 'in which regions a signature counts',
    AWS_ENABLE_ENDPOINT_DISCOVERY: 'addresses that AWS tells',
    AWS_ENDPOINT_DISCOVERY_ENABLED: 'addresses that AWS tells',
    AWS_DISABLE_HOST_PREFIX_INJECTION: 'the same host without a prefix',
    AWS_CA_BUNDLE: 'whom to trust behind a proxy that opens connections: the person’s own network',
    AWS_CSM_ENABLED: 'tells a program on the machine of calls; moves none',
    AWS_CSM_HOST: 'as above',
    AWS_CSM_PORT: 'as above',
    AWS_CSM_CLIENT_ID: 'as above',
    AWS_DEFAULTS_MODE: 'time limits and retries',
    AWS_MAX_ATTEMPTS: 'retries',
    AWS_RETRY_MODE: 'retries',
    AWS_NEW_RETRIES_2026: 'retries',
    AWS_DISABLE_CLOCK_SKEW_CORRECTION: 'the time of a signature',
    AWS_DISABLE_REQUEST_COMPRESSION: 'the form of a body',
    AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES: 'the form of a body',
    AWS_REQUEST_CHECKSUM_CALCULATION: 'checksums',
    AWS_RESPONSE_CHECKSUM_VALIDATION: 'checksums',
    AWS_SDK_UA_APP_ID: 'a name in the user agent',
    AWS_EXECUTION_ENV: 'a name in the user agent',
    AWS_LAMBDA_FUNCTION_NAME: 'whether this is Lambda, for the user agent and tracing',
    AWS_LAMBDA_MAX_CONCURRENCY: 'whether this is Lambda',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'a warning',
    AWS_SDK_LOAD_CONFIG: 'earlier SDKs then read the configuration file: see there',
    AWS_DEFAULT_OUTPUT: 'the form of what the AWS CLI prints',
    AWS_PAGER: 'the form of what the AWS CLI prints',
  };
  /** Words of services and constants, and no variables. */
  const noVariable = /^AWS_(?:PROXY|IAM|OWNED_KEY|BACKUP\w*|TYPES|SERVICE|MANAGED)$/;

  const set = [...Object.keys(variablesOf(inAws, {})), ...Object.keys(variablesOf(embedded, {}))];
  const isSettled = (name: string): boolean => set.includes(name) || isForeign(name, 'linux') || name in harmless;

  it('for JavaScript, as installed, is set, removed or known to be harmless', () => {
    const sources = globSync(
      'node_modules/{@aws-sdk,@smithy,@aws}/{core,*provider*,types,config*,middleware*,util*,node-config*}/dist-cjs/**/*.js',
    );
    expect(sources.length).toBeGreaterThan(50);
    const names = sources.flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/["'`](AWS_[A-Z][A-Z0-9_]*[A-Z0-9])["'`]|env\.(AWS_[A-Z0-9_]+)/g)].map(
        ([, quoted, read]) => quoted ?? read ?? '',
      ),
    );
    expect(names).toEqual(expect.arrayContaining(['AWS_PROFILE', 'AWS_CREDENTIAL_SCOPE', 'AWS_ENDPOINT_URL']));
    expect([...new Set(names)].filter((name) => !noVariable.test(name) && !isSettled(name))).toEqual([]);
  });

  it('for Python (botocore 1.43.11, AWS CLI 1.45.11) and Go (aws-sdk-go-v2) is too', () => {
    const python =
      'ACCESS_KEY_ID ACCOUNT_ID ACCOUNT_ID_ENDPOINT_MODE AUTH_SCHEME_PREFERENCE BEARER_TOKEN_BEDROCK CA_BUNDLE CONFIG_FILE CONTAINER_AUTHORIZATION_TOKEN CONTAINER_AUTHORIZATION_TOKEN_FILE CONTAINER_CREDENTIALS_FULL_URI CONTAINER_CREDENTIALS_RELATIVE_URI CREDENTIAL_EXPIRATION CREDENTIAL_FILE CSM_CLIENT_ID CSM_ENABLED CSM_HOST CSM_PORT DATA_PATH DEFAULTS_MODE DEFAULT_OUTPUT DEFAULT_PROFILE DEFAULT_REGION DISABLE_HOST_PREFIX_INJECTION DISABLE_REQUEST_COMPRESSION EC2_METADATA_DISABLED EC2_METADATA_SERVICE_ENDPOINT EC2_METADATA_SERVICE_ENDPOINT_MODE EC2_METADATA_V1_DISABLED ENDPOINT_DISCOVERY_ENABLED ENDPOINT_URL ENDPOINT_URL_S3 EXECUTION_ENV IGNORE_CONFIGURED_ENDPOINT_URLS IMDS_USE_IPV6 LAMBDA_FUNCTION_NAME LOGIN_CACHE_DIRECTORY MAX_ATTEMPTS METADATA_SERVICE_NUM_ATTEMPTS METADATA_SERVICE_TIMEOUT NEW_RETRIES_2026 PAGER PROFILE REGION REQUEST_CHECKSUM_CALCULATION REQUEST_MIN_COMPRESSION_SIZE_BYTES RESPONSE_CHECKSUM_VALIDATION RETRY_MODE ROLE_ARN ROLE_SESSION_NAME S3_DISABLE_EXPRESS_SESSION_AUTH S3_DISABLE_MULTIREGION_ACCESS_POINTS S3_USE_ARN_REGION S3_US_EAST_1_REGIONAL_ENDPOINT SDK_UA_APP_ID SECRET_ACCESS_KEY SECURITY_TOKEN SESSION_TOKEN SHARED_CREDENTIALS_FILE SIGV4A_SIGNING_REGION_SET STS_REGIONAL_ENDPOINTS USE_DUALSTACK_ENDPOINT USE_FIPS_ENDPOINT WEB_IDENTITY_TOKEN_FILE';
    const go = 'ACCESS_KEY SECRET_KEY ENABLE_ENDPOINT_DISCOVERY SDK_LOAD_CONFIG';
    const names = `${python} ${go}`.split(' ').map((name) => `AWS_${name}`);
    expect(names.filter((name) => !isSettled(name))).toEqual([]);
  });
});
