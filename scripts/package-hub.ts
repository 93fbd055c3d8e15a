import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandFileName } from '#core/command-name.ts';
import { sha256 } from '#core/sha256.ts';
import { functions as configs } from '#functions/registry.ts';
import { bundleFunctions } from './bundle-functions.ts';
import { templateProblems } from './check-template.ts';
import { compileTemplate } from './compile-template.ts';
import { secretsIn } from './secrets.ts';
import { zipFolder } from './zip.ts';

export type PackageOptions = {
  /** The folder for everything that is made. */
  out: string;
  stage: string;
  params: Readonly<Record<string, string>>;
  policyPath: string;
};

export type Packaged = {
  functions: { name: string; bundledBytes: number; zippedBytes: number }[];
  template: { path: string; text: string };
  /** The command line that the hub will serve. */
  cli: { bytes: number; sha256: string };
};

/** The function that has it. */
const servesCli = configs.find(({ carriesCli }) => carriesCli)?.name ?? '';

const filesIn = (folder: string): { name: string; text: string }[] =>
  readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

const secretProblems = (files: readonly { name: string; text: string }[]): string[] =>
  files.flatMap(({ name, text }) => secretsIn(text).map((kind) => `${name} has what looks like ${kind}.`));

/**
 * Makes what is deployed: `<out>/zips/<function>.zip`, from `<out>/functions/<function>`, and
 * `<out>/cloudformation.json`. The zips are the same for the same sources; the template holds the time at which it was
 * made. Throws an Error that names everything that is wrong with the access policy, the template or a bundle; then no
 * template is left to deploy.
 */
export const packageHub = async ({ out, policyPath, ...rest }: PackageOptions): Promise<Packaged> => {
  const bundles = join(out, 'functions');
  const artifacts = join(out, 'zips');
  const path = join(out, 'cloudformation.json');
  for (const old of [artifacts, path]) rmSync(old, { recursive: true, force: true });
  const built = await bundleFunctions(bundles, policyPath);
  mkdirSync(artifacts, { recursive: true });
  const functions = built.map(({ name }) => {
    const zip = zipFolder(join(bundles, name));
    writeFileSync(join(artifacts, `${name}.zip`), zip);
    const bundledBytes = filesIn(join(bundles, name)).reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    return { name, bundledBytes, zippedBytes: zip.length };
  });
  const text = compileTemplate({ ...rest, artifacts, policyPath });
  const bundled = built.flatMap(({ name }) =>
    filesIn(join(bundles, name)).map((file) => ({ ...file, name: `${name}/${file.name}` })),
  );
  const problems = [...templateProblems(text), ...secretProblems([{ name: 'cloudformation.json', text }, ...bundled])];
  if (problems.length > 0) {
    throw new Error(`What was packaged must not be deployed:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
  writeFileSync(path, text);
  const cli = readFileSync(join(bundles, servesCli, commandFileName), 'utf8');
  return { functions, template: { path, text }, cli: { bytes: Buffer.byteLength(cli), sha256: sha256(cli) } };
};
