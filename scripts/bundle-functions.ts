import { copyFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { functions } from '#functions/registry.ts';

export type Bundle = { name: string; path: string; bytes: number };

const root = join(import.meta.dirname, '..');

/**
 * One minified file per function in `<out>/<name>/index.cjs`, with everything that it imports, and the access policy
 * beside it where the function reads one. Lambda runs it as `index.handler` on nodejs24.x.
 */
export const bundleFunctions = async (out: string): Promise<Bundle[]> => {
  rmSync(out, { recursive: true, force: true });
  return Promise.all(
    functions.map(async ({ name, environment }) => {
      const path = join(out, name, 'index.cjs');
      mkdirSync(join(out, name), { recursive: true });
      await build({
        entryPoints: [join(root, 'functions', name, 'handler.ts')],
        outfile: path,
        bundle: true,
        minify: true,
        platform: 'node',
        target: 'node24',
        format: 'cjs',
        logLevel: 'error',
      });
      if (environment.includes('DAYPASS_POLICY'))
        copyFileSync(join(root, 'access.yaml'), join(out, name, 'access.yaml'));
      return { name, path, bytes: statSync(path).size };
    }),
  );
};
