import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { bundleCli } from '#adapters/bundled-cli.ts';
import { commandFileName } from '#core/command-name.ts';
import { deployedPolicy } from '#deploy/hub/policy.ts';
import type { FunctionConfig } from '#functions/config.ts';
import { functions } from '#functions/registry.ts';
import { leaveOut } from './left-out.ts';

export type Bundle = {
  name: string;
  /** What Lambda imports: `index.mjs`. */
  path: string;
  files: readonly BundledFile[];
};

/** `sources`: how many bytes of it each source file gave, by its path from the root. */
export type BundledFile = {
  name: string;
  bytes: number;
  loaded: 'at-once' | 'when-needed';
  sources: Readonly<Record<string, number>>;
};

const root = join(import.meta.dirname, '..');

/** Packages that are not ES modules call `require` for what Node itself has. */
const requireForPackages = "import{createRequire as r}from'node:module';const require=r(import.meta.url);";

/** The policy as the functions read it. Throws an Error with every problem it has. */
const compiledPolicy = async (path: string): Promise<string> =>
  JSON.stringify(deployedPolicy(await readFile(path, 'utf8')).policy);

/** The outputs that are there as soon as `entry` is, as opposed to those behind an `import()`. */
const atOnce = (outputs: Metafile['outputs'], entry: string, seen = new Set<string>()): Set<string> => {
  seen.add(entry);
  for (const { path, kind } of outputs[entry]?.imports ?? []) {
    if (kind === 'import-statement' && outputs[path] && !seen.has(path)) atOnce(outputs, path, seen);
  }
  return seen;
};

/** What lies beside the code of functions that read it. */
type Beside = { policy: string; cli: string };

const bundle = async (
  { name, environment, carriesCli }: FunctionConfig,
  out: string,
  { policy, cli }: Beside,
): Promise<Bundle> => {
  const folder = join(out, name);
  mkdirSync(folder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { index: join(root, 'functions', name, 'handler.ts') },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The ES module form of a package, of which the bundler can leave out what nobody uses.
    mainFields: ['module', 'main'],
    conditions: ['module'],
    banner: { js: requireForPackages },
    plugins: [leaveOut],
    logLevel: 'error',
  });
  if (environment.includes('DAYPASS_POLICY')) writeFileSync(join(folder, 'access.json'), policy);
  if (carriesCli) writeFileSync(join(folder, commandFileName), cli);
  const { outputs } = metafile;
  const entry = Object.keys(outputs).find((path) => basename(path) === 'index.mjs') ?? '';
  const first = atOnce(outputs, entry);
  const files = Object.entries(outputs).map(
    ([path, { bytes, inputs }]): BundledFile => ({
      name: basename(path),
      bytes,
      loaded: first.has(path) ? 'at-once' : 'when-needed',
      sources: Object.fromEntries(Object.entries(inputs).map(([source, { bytesInOutput }]) => [source, bytesInOutput])),
    }),
  );
  return { name, path: join(folder, 'index.mjs'), files };
};

/**
 * Every function in a folder of its own, `<out>/<name>`: `index.mjs` with everything that it imports, files that it
 * loads only when it needs them, the compiled access policy as `access.json` where the function reads one, and the
 * command line as one file where it serves that. Lambda runs it as `index.handler` on nodejs24.x. Throws an Error that
 * says what is wrong with the policy.
 */
export const bundleFunctions = async (out: string, policyPath = join(root, 'access.yaml')): Promise<Bundle[]> => {
  const beside = { policy: await compiledPolicy(policyPath), cli: await bundleCli() };
  rmSync(out, { recursive: true, force: true });
  return Promise.all(functions.map((config) => bundle(config, out, beside)));
};
