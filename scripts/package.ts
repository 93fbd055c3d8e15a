import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { commandFileName } from '#core/command-name.ts';
import { deployedPolicy } from '#deploy/hub/policy.ts';
import { packageHub } from './package-hub.ts';

const root = join(import.meta.dirname, '..');

const help = `Packages Daypass for the hub account: a zip for each function and the CloudFormation template. Needs neither network nor
credentials. Accounts, and the region of the hub, are those of access.yaml.

  npm run package -- [options]

  --stage NAME          the name of the installation (default prod): of its stack, tags and secrets
  --param NAME=VALUE    a setting; may be given several times:
                          log-retention-days   how long logs are kept (default 90)
                          throttle-rate        requests per second, of all callers (default 50)
                          throttle-burst       requests at once, of all callers (default 100)
                          alarm-email          who is told of alarms (default nobody)
  --out DIR             where to (default dist)
  --help                this text
`;

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      stage: { type: 'string', default: 'prod' },
      param: { type: 'string', multiple: true, default: [] },
      out: { type: 'string', default: join(root, 'dist') },
      help: { type: 'boolean', default: false },
    },
  });
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(values.stage)) {
    throw new Error(`--stage takes up to 20 small letters, digits and hyphens, not "${values.stage}".`);
  }
  return { ...values, params: Object.fromEntries(values.param.map(readParam)) };
};

const settings = ['log-retention-days', 'throttle-rate', 'throttle-burst', 'alarm-email'];

const readParam = (text: string): [string, string] => {
  const at = text.indexOf('=');
  const name = text.slice(0, at);
  if (at > 0 && settings.includes(name)) return [name, text.slice(at + 1)];
  throw new Error(`--param takes NAME=VALUE with one of ${settings.join(', ')}, not "${text}".`);
};

const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1024)} KB`.padStart(9);

const main = async (): Promise<void> => {
  const { help: helpWanted, out, stage, params } = readOptions();
  if (helpWanted) {
    process.stdout.write(help);
    return;
  }
  const policyPath = join(root, 'access.yaml');
  const { region } = deployedPolicy(readFileSync(policyPath, 'utf8'));
  const { functions, template, cli } = await packageHub({ out: resolve(out), stage, params, policyPath });
  const bySize = functions.sort((a, b) => b.bundledBytes - a.bundledBytes);
  // osls looks for the zips in dist, unless told.
  const artifacts = resolve(out) === join(root, 'dist') ? {} : { artifacts: resolve(out, 'zips') };
  const given = Object.entries({ ...params, ...artifacts }).map(([name, value]) => ` --param="${name}=${value}"`);
  process.stdout.write(`  bundled   zipped  function
${bySize.map(({ name, bundledBytes, zippedBytes }) => `${kilobytes(bundledBytes)}${kilobytes(zippedBytes)}  ${name}`).join('\n')}

${relative(process.cwd(), template.path)}: the stack daypass-${stage} for ${region}. Its resources, state machines and secrets were checked.

${commandFileName}, which the hub serves at /cli: ${cli.bytes} bytes, sha256 ${cli.sha256}
Tell people this sha256 by a way of your own, if they are to compare.

To deploy it (docs/deploy.md has all the steps):
  npx --no osls deploy --stage ${stage}${given.join('')}
`);
};

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
