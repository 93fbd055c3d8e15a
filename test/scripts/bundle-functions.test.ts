import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPolicy } from '#core/policy/read.ts';
import { functions } from '#functions/registry.ts';
import { type Bundle, bundleFunctions } from '../../scripts/bundle-functions.ts';

let out: string;
let bundles: Bundle[];
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'daypass-package-'));
  bundles = await bundleFunctions(join(out, 'functions'));
}, 120_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));

const kilobytes = (bundle: Bundle | undefined, loaded: string): number =>
  (bundle?.files ?? [])
    .filter((file) => loaded === 'ever' || file.loaded === loaded)
    .reduce((sum, { bytes }) => sum + bytes / 1024, 0);

it('every function is bundled', () => {
  expect(bundles.map(({ name }) => name).sort()).toEqual(functions.map(({ name }) => name).sort());
});

it('every bundle can be imported with an empty environment, and its handler takes two arguments as Node 24 on Lambda wants', () => {
  const urls = bundles.map(({ path }) => pathToFileURL(path).href);
  const script = `const seen = []; for (const url of ${JSON.stringify(urls)}) { const { handler } = await import(url); seen.push([typeof handler, handler.length]); } console.log(JSON.stringify(seen));`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { env: {}, encoding: 'utf8' });
  expect(run.stderr).toBe('');
  expect(JSON.parse(run.stdout)).toEqual(bundles.map(() => ['function', 2]));
});

it('the Slack ingress starts with at most 320 KB, and no function has more than 650 KB in all', () => {
  const ingress = bundles.find(({ name }) => name === 'slack-events');
  expect(kilobytes(ingress, 'at-once')).toBeGreaterThan(50);
  expect(kilobytes(ingress, 'at-once')).toBeLessThanOrEqual(320);
  for (const bundle of bundles) {
    const withinLimit = kilobytes(bundle, 'ever') <= 650;
    expect({ name: bundle.name, withinLimit }).toEqual({ name: bundle.name, withinLimit: true });
  }
});

it('a function that never assumes a role or talks to Slack holds no code for it', () => {
  const holders = (of: RegExp): string[] =>
    bundles
      .filter(({ files }) =>
        files.some(({ sources }) => Object.entries(sources).some(([path, bytes]) => bytes > 0 && of.test(path))),
      )
      .map(({ name }) => name)
      .sort();
  const revoke = [
    'follow-chain',
    'restore-deny',
    'revoke-alert',
    'revoke-locked',
    'revoke-sessions',
    'settle-execution',
    'sweep',
  ];
  expect(holders(/@aws-sdk\/client-iam\//)).toEqual(revoke);
  expect(holders(/@aws-sdk\/client-sts\//)).toEqual(['mint-credentials', ...revoke].sort());
  expect(holders(/@slack\/web-api\//)).toEqual(['check-people', 'notify', 'slack-events']);
  expect(holders(/@slack\/bolt\//)).toEqual(['slack-events']);
});

it('the compiled policy lies beside the functions that read it, and only beside those', () => {
  const read = readPolicy(readFileSync('access.yaml', 'utf8'));
  for (const { name, path } of bundles) {
    const file = join(dirname(path), 'access.json');
    const reads = functions.find((config) => config.name === name)?.environment.includes('DAYPASS_POLICY');
    expect({ name, there: existsSync(file) }).toEqual({ name, there: reads });
    if (reads) expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(read.ok && read.policy);
  }
});

it('the command line lies beside the function that serves it, and beside no other', () => {
  const holders = bundles.filter(({ path }) => existsSync(join(dirname(path), 'daypass.mjs'))).map(({ name }) => name);
  expect(holders).toEqual(['api']);
});

it('the packaged function hands out the very file that lies beside it', () => {
  const path = bundles.find(({ name }) => name === 'api')?.path ?? '';
  const file = readFileSync(join(dirname(path), 'daypass.mjs'), 'utf8');
  const http = { method: 'GET', path: '/cli/daypass.mjs', protocol: 'HTTP/1.1', sourceIp: '192.0.2.7', userAgent: '' };
  const event = { rawPath: http.path, headers: {}, requestContext: { http } };
  const script = `const { handler } = await import(${JSON.stringify(pathToFileURL(path).href)}); console.log(JSON.stringify(await handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 15_000 })));`;
  const environment = {
    AWS_REGION: 'us-east-1',
    DAYPASS_TABLE: 'daypass',
    DAYPASS_BUS: 'daypass',
    DAYPASS_POLICY: join(dirname(path), 'access.json'),
    DAYPASS_URL: 'https://daypass.example.com',
  };
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: environment,
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  expect(JSON.parse(run.stdout)).toMatchObject({ statusCode: 200, body: file });
});

it('a policy with a mistake is not packaged, and each mistake is named with its line', async () => {
  const path = join(out, 'access.yaml');
  writeFileSync(path, readFileSync('access.yaml', 'utf8').replace('mayAsk: [developers]', 'mayAsk: [develepors]'));
  const bundling = bundleFunctions(join(out, 'refused'), path);
  await expect(bundling).rejects.toThrow(/^access\.yaml cannot be deployed:\n {2}.*develepors/);
  expect(existsSync(join(out, 'refused'))).toBe(false);
});
