import { join } from 'node:path';
import { bundleFunctions } from './bundle-functions.ts';

/** `npm run package`: what is deployed, in `dist/functions`. */
const out = join(import.meta.dirname, '..', 'dist', 'functions');
const bundles = await bundleFunctions(out);
for (const { name, bytes } of bundles.sort((a, b) => b.bytes - a.bytes)) {
  console.log(`${String(Math.round(bytes / 1024)).padStart(6)} KB  ${name}`);
}
console.log(`${bundles.length} functions in dist/functions`);
