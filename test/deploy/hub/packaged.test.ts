import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refuseOldPackages } from '#deploy/hub/packaged.ts';
import { functions } from '#functions/registry.ts';
import { changed, samplePolicy } from '#test/kit/policy.ts';
import { withOsls } from '../../../scripts/compile-template.ts';

const alice = samplePolicy();
const without: [string, string] = ['developers: [alice, bob, carol]', 'developers: [bob, carol]'];
const withoutAlice = samplePolicy(without);

describe('the packages', () => {
  let folder: string;
  let artifacts: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'daypass-packages-'));
    artifacts = join(folder, 'zips');
    mkdirSync(artifacts);
    for (const { name, environment } of functions)
      pack(name, environment.includes('DAYPASS_POLICY') ? alice : undefined);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const pack = (name: string, policy: object | undefined) =>
    writeFileSync(
      join(artifacts, `${name}.zip`),
      zipSync({ 'index.mjs': strToU8(''), ...(policy && { 'access.json': strToU8(JSON.stringify(policy)) }) }),
    );
  const refusing = (...args: string[]) => {
    refuseOldPackages(withoutAlice.digest, [...args, `--param=artifacts=${artifacts}`]);
  };

  it('are deployed where they hold the policy of the files', () => {
    expect(() => refuseOldPackages(alice.digest, ['deploy', `--param=artifacts=${artifacts}`])).not.toThrow();
  });

  it.each([['deploy'], ['deploy', 'function', '-f', 'Api'], ['package', '--stage', 'test']])(
    'with an older policy are refused by osls %s, with both digests and what to do',
    (...args) => {
      expect(() => refusing(...args)).toThrow(
        `holds the access policy ${alice.digest.slice(0, 12)}, and access.yaml is ${withoutAlice.digest.slice(0, 12)} by now: what was changed would not be deployed. Run \`npm run package\` first.`,
      );
    },
  );

  it('are refused where one of them alone is older, holds no policy, is broken or is not there', () => {
    for (const { name, environment } of functions) if (environment.includes('DAYPASS_POLICY')) pack(name, withoutAlice);
    expect(() => refusing('deploy')).not.toThrow();
    pack('mint-credentials', alice);
    expect(() => refusing('deploy')).toThrow(/^mint-credentials\.zip in .* holds the access policy/);
    pack('mint-credentials', undefined);
    expect(() => refusing('deploy')).toThrow(/^mint-credentials\.zip in .* holds no access policy\. Run/);
    writeFileSync(join(artifacts, 'mint-credentials.zip'), 'half a zip');
    expect(() => refusing('deploy')).toThrow(/^There is no package mint-credentials\.zip in .*\. Run/);
    rmSync(join(artifacts, 'mint-credentials.zip'));
    expect(() => refusing('deploy')).toThrow(/^There is no package mint-credentials\.zip in .*\. Run/);
  });

  it('are found where osls is told, in each way of telling', () => {
    const elsewhere =
      (...args: string[]) =>
      () =>
        refuseOldPackages(alice.digest, ['deploy', ...args]);
    expect(elsewhere('--param', `artifacts=${artifacts}`)).not.toThrow();
    expect(elsewhere('--param=alarm-email=a@example.com', `--param=artifacts=${artifacts}`)).not.toThrow();
    expect(elsewhere('--param=artifacts=nowhere')).toThrow(/in nowhere\./);
    expect(elsewhere('--package', artifacts)).toThrow('Leave --package out.');
    expect(elsewhere('-p', artifacts)).toThrow('Leave --package out.');
  });

  it('are of no concern to commands that deploy nothing', () => {
    rmSync(artifacts, { recursive: true });
    for (const command of ['remove', 'info', 'print']) expect(() => refusing(command)).not.toThrow();
  });

  it('with an older policy stop osls itself, before it calls anything', () => {
    const policyPath = join(folder, 'access.yaml');
    writeFileSync(policyPath, changed(without));
    const options = { stage: 'test', params: {}, artifacts, policyPath };
    const deploy = () =>
      withOsls('deploy', options, () => 'deployed', { HOME: folder, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
    expect(deploy).toThrow(/holds the access policy .* would not be deployed\. Run `npm run package` first\./);
    expect(deploy).not.toThrow(/ECONNREFUSED/);
  });
});
