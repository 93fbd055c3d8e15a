import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(import.meta.dirname, '..');
const program = fileURLToPath(new URL('bin/serverless.js', import.meta.resolve('osls/package.json')));
/** Otherwise osls keeps the checks that it compiles in the home folder. */
const cache = join(root, 'node_modules', '.cache', 'osls');

export type TemplateOptions = {
  stage: string;
  /** The parameters of `deploy/hub/parameters.ts`; those left out have their defaults. */
  params: Readonly<Record<string, string>>;
  /** The folder with a `<name>.zip` for each function. */
  artifacts: string;
  policyPath: string;
};

/**
 * Runs osls on `serverless.ts` and takes from its folder what `read` wants. osls leaves what it makes beside its
 * configuration, so each run has a folder of its own, and two at once do not meet. Throws an Error with what osls said.
 */
export const withOsls = <T>(
  command: 'package' | 'deploy',
  { stage, params, artifacts, policyPath }: TemplateOptions,
  read: (folder: string) => T,
  environment: NodeJS.ProcessEnv = process.env,
): T => {
  const folder = mkdtempSync(join(tmpdir(), 'daypass-osls-'));
  try {
    const configuration = JSON.stringify(join(root, 'serverless.ts'));
    writeFileSync(join(folder, 'package.json'), '{}');
    writeFileSync(join(folder, 'serverless.ts'), `export { default } from ${configuration};\n`);
    copyFileSync(policyPath, join(folder, 'access.yaml'));
    const given = Object.entries({ ...params, artifacts }).map(([name, value]) => `--param=${name}=${value}`);
    const run = spawnSync(process.execPath, [program, command, '--stage', stage, ...given], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...environment, SLS_SCHEMA_CACHE_BASE_DIR: cache },
    });
    if (run.status !== 0) throw new Error(`osls ${command} did not succeed:\n${run.stdout}${run.stderr}`);
    return read(join(folder, '.serverless'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The CloudFormation template that osls makes, as JSON. Neither network nor credentials are needed. */
export const compileTemplate = (options: TemplateOptions): string =>
  withOsls('package', options, (made) => readFileSync(join(made, 'cloudformation-template-update-stack.json'), 'utf8'));
