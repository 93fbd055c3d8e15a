import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Which layers each layer may import from, besides itself. `events` and `statemachines` are data. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: ['events'],
  events: ['core/aws-role.ts', 'core/detection'],
  statemachines: [],
  ports: ['core', 'events'],
  usecases: ['core', 'ports', 'events'],
  adapters: ['core', 'ports', 'events', 'slack/ports.ts'],
  slack: ['core', 'ports', 'usecases', 'events'],
  deploy: ['core', 'ports', 'functions', 'events', 'statemachines'],
  functions: ['core', 'ports', 'usecases', 'adapters', 'events', 'statemachines', 'slack'],
};

const root = join(import.meta.dirname, '..');
const filesOf = (layer: string): string[] =>
  readdirSync(join(root, layer), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

const importsOf = (text: string): string[] =>
  [...text.matchAll(/from '(?:#|(?:\.\.\/)+)([a-z]+\/[^']+)'/g)].map(([, path]) => path ?? '');

it.each(Object.keys(allowed))('%s imports only from where it may', (layer) => {
  const wrong = filesOf(layer).flatMap((file) =>
    importsOf(readFileSync(join(root, layer, file), 'utf8'))
      .filter((path) =>
        [
          'core',
          'ports',
          'usecases',
          'adapters',
          'functions',
          'local',
          'cli',
          'slack',
          'events',
          'statemachines',
          'web',
          'deploy',
        ].includes(path.split('/')[0] ?? ''),
      )
      .filter(
        (path) =>
          path.split('/')[0] !== layer &&
          !(allowed[layer] ?? []).some((from) => path === from || path.startsWith(`${from}/`)),
      )
      .map((path) => `${layer}/${file} imports ${path}`),
  );
  expect(wrong).toEqual([]);
});

it('core touches no clock, randomness, environment, network or file', () => {
  const impure =
    /Date\.now|new Date\(\)|Math\.random|process\.|randomUUID|randomBytes|from 'node:(?!crypto|util)|fetch\(/;
  const wrong = filesOf('core').filter((file) => impure.test(readFileSync(join(root, 'core', file), 'utf8')));
  expect(wrong).toEqual([]);
});
