import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { boundaryName } from '#core/aws-policy.ts';
import { revokerRoleName } from '#core/aws-role.ts';
import { slackBotTokenParameter, slackSigningSecretParameter, tableName } from '#deploy/hub/names.ts';
import { outputs } from '#deploy/hub/outputs.ts';
import { params } from '#deploy/hub/parameters.ts';
import * as onboarding from '#deploy/onboarding/names.ts';
import { functions } from '#functions/registry.ts';
import hub from '../../serverless.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const page = read('docs/deploy.md');
const all = (pattern: RegExp): string[] => [...new Set([...page.matchAll(pattern)].map(([, found = '']) => found))];

/** The commands of the page, a continuation joined to its line. */
const commands = [...page.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].flatMap(([, block = '']) => block.split('\n'));
const optionsOf = (program: string): string[] => [
  ...new Set(
    commands
      .filter((line) => line.includes(program))
      .flatMap((line) => [...(line.split(program)[1]?.split(/[|>]/)[0] ?? '').matchAll(/ (--[a-z-]+)/g)])
      .map(([, option = '']) => option),
  ),
];

/** Where commander is told of an option: `'--name <value>'`. */
const isTold = (file: string) => {
  const text = read(file);
  return (option: string): boolean => text.includes(`'${option}'`) || text.includes(`'${option} `);
};

describe('docs/deploy.md', () => {
  it.each([
    ['daypass onboard', 'cli/operator-commands.ts'],
    ['daypass slack manifest', 'cli/operator-commands.ts'],
  ])('uses options that `%s` has', (program, file) => {
    const used = optionsOf(program).filter((option) => option !== '--help');
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((option) => !isTold(file)(option))).toEqual([]);
  });

  it('uses options that `daypass doctor` has', () => {
    const has = isTold('cli/operator-commands.ts');
    expect(optionsOf('daypass doctor').filter((option) => option !== '--api' && !has(option))).toEqual([]);
  });

  it('uses options that packaging has, and names every setting', () => {
    const help = read('scripts/package.ts');
    expect(optionsOf('npm run package --').filter((option) => !help.includes(`  ${option} `))).toEqual([]);
    const settings = Object.keys(params).filter((name) => name !== 'artifacts');
    expect(all(/--param "?([a-z-]+)=/g).sort()).toEqual(settings.sort());
  });

  it('deploys with the settings that it packages with', () => {
    const given = (program: string): string[] =>
      commands
        .filter((line) => line.includes(program))
        .map((line) => line.split(program)[1]?.replaceAll(/["]/g, '').replaceAll('--param=', '--param ').trim() ?? '');
    const packaged = given('npm run package --');
    expect(packaged.length).toBeGreaterThan(1);
    expect(new Set([...packaged, ...given('osls deploy')]).size).toBe(1);
  });

  it('calls things as they are deployed', () => {
    expect(all(/--name(?:s)? (\/daypass\/\S+)/g).sort()).toEqual([
      slackBotTokenParameter('prod'),
      slackSigningSecretParameter('prod'),
    ]);
    expect(all(/--table-name (\S+)/g)).toEqual([tableName]);
    const deployed = functions.map(({ name }) => `daypass-${name}`);
    expect(all(/--function-name (\S+)/g).filter((name) => !deployed.includes(name))).toEqual([]);
    expect(Object.keys(outputs())).toContain('ApiUrl');
    for (const name of [boundaryName, revokerRoleName, `${onboarding.forwardRulePrefix}*`])
      expect(page).toContain(`\`${name}\``);
  });

  it('says in the policy where the hub is, and in no command', () => {
    const policy = parse(page.match(/```yaml\n(accounts:\n {2}hub:[\s\S]*?)```/)?.[1] ?? '') as {
      accounts: { hub: { region: string } };
    };
    expect(policy.accounts.hub.region).toBe('eu-west-1');
    expect(commands.filter((line) => /(?:npm run|osls|daypass) .*-region /.test(line))).toEqual([]);
  });

  it('is right that the hub has less than three fifths of the 500 resources that a stack may have', () => {
    const { Resources } = hub.resources;
    expect(Object.keys(Resources).length + functions.length).toBeLessThan(300);
  });
});
