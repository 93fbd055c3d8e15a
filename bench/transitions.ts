import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeExecutionCommand, GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { until } from '#test/kit/until.ts';
import { liveGrant, untilButton } from './loop.ts';
import { peers } from './peers.ts';
import { type Asked, inOffice, type Office } from './people.ts';
import { repository } from './stack-process.ts';

/** Each plays one kind of request up to where only time is missing, and says which request it was. */
const kinds: Readonly<Record<string, (office: Office, token: string) => Promise<Asked>>> = {
  'approved, expired': (office, token) => liveGrant(office, token, '5s'),
  'no approval needed, expired': (office) => office.ask('U0ALICE', 'orders-read 5s'),
  'approved, ended early': async (office, token) => {
    const grant = await liveGrant(office, token, '30m');
    await untilButton(grant);
    await office.click('U0ALICE', grant.card, 'I');
    return grant;
  },
  'no approval needed, extended once, expired': async (office, token) => {
    const asked = await office.ask('U0ALICE', 'orders-read 5s');
    await office.stack.heard('grant.activated', asked.id);
    await office.extend(token, asked.id, '5s');
    return asked;
  },
  'approved, extended once, expired': async (office, token) => {
    const grant = await liveGrant(office, token, '10s');
    await office.extend(token, grant.id, '5s');
    await office.approveMore('U0BOB', grant.card);
    return grant;
  },
  denied: async (office) => {
    const asked = await office.ask('U0ALICE', 'orders-admin 30m');
    await office.denyBecause('U0BOB', asked.card, 'not during the freeze');
    return asked;
  },
  cancelled: async (office) => {
    const asked = await office.ask('U0ALICE', 'orders-admin 30m');
    await office.command('U0ALICE', `cancel ${asked.id}`);
    return asked;
  },
  lapsed: (office) => office.ask('U0ALICE', 'orders-admin 30m'),
};

const arnOf = (id: string): string => `arn:aws:states:us-east-1:111111111111:execution:access-request:${id}`;

type Entered = { statesEntered: number; executions: number; states: readonly string[]; status: string };

const enteredBy = async (office: Office, id: string): Promise<Entered> => {
  const stepFunctions = office.stepFunctions();
  const executionArn = arnOf(id);
  const status = await until(
    `the execution of ${id} to stop`,
    async () => {
      const { status } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
      return status === 'RUNNING' ? undefined : status;
    },
    100,
  );
  const { events = [] } = await stepFunctions.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  const states = events.flatMap(({ stateEnteredEventDetails: entered }) => entered?.name ?? []);
  return { statesEntered: states.length, executions: 1, states, status };
};

/**
 * Dave may ask for nothing. What he was refused has an id that nobody tells, so every execution there is is counted.
 */
const refused = async (office: Office): Promise<Entered> => {
  const before = await office.executions();
  await office.command('U0DAVE', 'orders-admin 30m fixing INC-42');
  const executions = (await office.executions()) - before;
  return { statesEntered: 0, executions, states: [], status: 'no execution' };
};

/** The sample policy, in which a request that nobody answers lapses after seconds instead of a day. */
const hastyPolicy = (folder: string): string => {
  const sample = readFileSync(join(repository, 'access.yaml'), 'utf8');
  const hasty = sample.replace(/lapseAfter: \S+/, 'lapseAfter: 8s');
  if (hasty === sample) throw new Error('access.yaml has no lapseAfter to shorten.');
  const path = join(folder, 'access.yaml');
  writeFileSync(path, hasty);
  return path;
};

/** States entered for each kind of request, counted from GetExecutionHistory of executions that really ran. */
export const transitions = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'daypass-bench-policy-'));
  try {
    return await inOffice(
      async (office) => {
        const byKind: Record<string, Entered> = { 'refused by policy': await refused(office) };
        const token = await office.login('U0ALICE');
        const played: [string, Asked][] = [];
        for (const [kind, play] of Object.entries(kinds)) played.push([kind, await play(office, token)]);
        for (const [kind, { id }] of played) byKind[kind] = await enteredBy(office, id);
        return { byKind, peers };
      },
      { policyPath: hastyPolicy(folder) },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
