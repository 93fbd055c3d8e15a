import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssumeRoleCommand, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import type { Credentials } from './actors.ts';
import { openWorld, type World } from './world.ts';

export const production = '222222222222';
export const partner = '333333333333';
export const arnIn = (accountId: string, roleName: string): string => `arn:aws:iam::${accountId}:role/${roleName}`;

export const first = 'daypass-jit-orders-admin';
export const second = 'daypass-jit-payments-admin';
export const third = 'daypass-jit-reports';
/** A role that no entitlement lends. */
export const outside = 'reports-of-old';

/** Three entitlements in a chain over two accounts: orders-admin, payments-admin, partner-reports. */
const chained = (): string => {
  const sample = readFileSync('access.yaml', 'utf8');
  const add = (text: string, line: string, more: string): string => {
    if (!text.includes(line)) throw new Error(`access.yaml does not say ${line}.`);
    return text.replace(line, `${line}\n${more}`);
  };
  return add(
    add(
      add(
        sample,
        `role: ${first}`,
        `    chaining: { into: [${arnIn(production, second)}, ${arnIn(partner, outside)}], acceptUnrevocable: { "${arnIn(partner, outside)}": The test looks at it. } }\n    acceptWeaker: The test goes on from here.`,
      ),
      `role: ${second}`,
      `    chaining: { into: [${arnIn(partner, third)}] }`,
    ),
    'entitlements:',
    `  partner-reports:
    description: Read the partner's reports
    account: partner
    role: ${third}
    mayAsk: [developers]
    duration: { min: 5s, default: 30m, max: 1h }
    approval: none
`,
  );
};

/** The whole stack under that policy. */
export const openChainWorld = async (): Promise<World & { closeAll: () => Promise<void> }> => {
  const folder = mkdtempSync(join(tmpdir(), 'daypass-chain-'));
  const policyPath = join(folder, 'access.yaml');
  writeFileSync(policyPath, chained());
  const world = await openWorld({ policyPath });
  const closeAll = async (): Promise<void> => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...world, closeAll };
};

/** Goes on from one session to another role, as a person does with the AWS CLI. */
export const goOn = async (
  world: World,
  from: Credentials,
  RoleArn: string,
  more: Partial<AssumeRoleCommandInput> = {},
): Promise<Credentials> => {
  const { Credentials: issued } = await world
    .as(from)
    .sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'onward', ...more }));
  return {
    accessKeyId: issued?.AccessKeyId ?? '',
    secretAccessKey: issued?.SecretAccessKey ?? '',
    sessionToken: issued?.SessionToken ?? '',
  };
};

/** Whether these credentials may read: a table that is not there is told to those who may look only. */
export const works = async (world: World, credentials: Credentials, TableName: string): Promise<boolean> => {
  const { DescribeTableCommand } = await import('@aws-sdk/client-dynamodb');
  const name = await world
    .as(credentials)
    .dynamoDb.send(new DescribeTableCommand({ TableName }))
    .then(
      () => 'there',
      (error: Error) => error.name,
    );
  if (name !== 'there' && name !== 'ResourceNotFoundException' && name !== 'AccessDeniedException')
    throw new Error(name);
  return name !== 'AccessDeniedException';
};

export const tables = { [first]: 'OrdersTable', [second]: 'PaymentsTable', [third]: 'OrdersTable' } as const;
