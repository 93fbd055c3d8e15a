import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** The product: what is no test, fixture, page of documentation, example or `access.yaml`. */
const files = [
  'serverless.ts',
  ...globSync(
    '{core,ports,usecases,adapters,functions,slack,deploy,local,cli,events,statemachines,scripts,bench,web}/**/*.{ts,tsx,cjs,json}',
    { cwd: root },
  ),
];

/** The code without comments; esbuild prints it anew, two spaces for each level and double quotes. */
const codeOf = (file: string): string => {
  const text = readFileSync(join(root, file), 'utf8');
  if (file.endsWith('.json')) return text;
  return transformSync(text, { loader: file.endsWith('x') ? 'tsx' : 'ts', legalComments: 'none' }).code;
};

/** Events as AWS would send them: members and constants with `sample` in their name, and files of that name. */
const withoutSamples = (code: string): string =>
  code.replace(/^( *)(?:(?:export )?const )?\w*[sS]ample\w*(?:: | = )(?:.*[{[(`]\n[\s\S]*?^\1[}\])`].*$|.*$)/gm, '');

const literals: Readonly<Record<string, string>> = {
  'daypass-jit-': 'core/aws-role.ts',
  'daypass-revoker': 'core/aws-role.ts',
  'arn:aws:iam::': 'core/aws-arn.ts',
  'toISOString()': 'core/instant.ts',
  '0-9A-HJKMNP-TV-Z': 'core/ulid.ts',
};

const code = new Map(
  files
    .filter((file) => !/\bsample-[^/]*\.ts$|-samples\.ts$/.test(file))
    .map((file) => [file, withoutSamples(codeOf(file))]),
);

it.each(Object.entries(literals))('%s is written in %s alone', (literal, home) => {
  expect([...code].filter(([, text]) => text.includes(literal)).map(([file]) => file)).toEqual([home]);
});

it('samples are left out, and nothing but samples', () => {
  const printed =
    'const sampleRole = {\n  a: [\n    1\n  ]\n};\nconst role = 2;\nconst rule = {\n  samples: {\n    a: 3\n  },\n  b: 4\n};\n';
  expect(withoutSamples(printed)).toBe('\nconst role = 2;\nconst rule = {\n\n  b: 4\n};\n');
});
