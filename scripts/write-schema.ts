/** Writes `access.schema.json` from the policy's schema in code. Run it after changing `core/policy/document.ts`. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { policySchema } from '#core/policy/json-schema.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
writeFileSync(`${root}access.schema.json`, `${JSON.stringify(policySchema(), null, 2)}\n`);
spawnSync(`${root}node_modules/.bin/biome`, ['format', '--write', 'access.schema.json'], {
  cwd: root,
  stdio: 'inherit',
});
