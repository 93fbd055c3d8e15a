import { GetExecutionHistoryCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { roleArnOf } from '#core/aws-role.ts';
import { trailSample } from '#core/detection/sample-records.ts';
import { alarms } from '#deploy/hub/alarms.ts';
import { isTriedAgain } from '#deploy/hub/failed-events.ts';
import { functions } from '#functions/registry.ts';
import { config as sweep } from '#functions/sweep/config.ts';
import type { Stack } from '#local/stack.ts';
import { until } from '#test/kit/until.ts';
import { between, type Counts, startCounting, total } from './counting.ts';
import { wholeLoop } from './loop.ts';
import { inOffice, type Office } from './people.ts';
import { assumed, monthDays, prices } from './prices.ts';
import { startStackHere } from './stack-here.ts';

/** States entered by every execution there is. Rejects while one still runs. */
const transitionsOf = async (office: Office): Promise<{ executions: number; transitions: number }> => {
  const stepFunctions = office.stepFunctions();
  const stateMachineArn = 'arn:aws:states:us-east-1:111111111111:stateMachine:access-request';
  const { executions = [] } = await stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn, maxResults: 1000 }),
  );
  let transitions = 0;
  for (const { executionArn } of executions) {
    const history = new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 });
    const { events = [] } = await stepFunctions.send(history);
    transitions += events.filter(({ stateEnteredEventDetails }) => stateEnteredEventDetails).length;
  }
  return { executions: executions.length, transitions };
};

const stopped = async (office: Office): Promise<boolean> => {
  const stateMachineArn = 'arn:aws:states:us-east-1:111111111111:stateMachine:access-request';
  const running = new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' });
  return (await office.stepFunctions().send(running)).executions?.length === 0;
};

const gbSeconds = (invocations: Counts['invocations']): number =>
  Object.entries(invocations).reduce((sum, [name, runs]) => {
    return sum + (runs * (memory.get(name) ?? 0) * assumed.lambdaMs) / 1024 / 1000;
  }, 0);

/** Read before the counting starts, which makes every later reading one run. */
const memory = new Map(functions.map(({ name, memoryMb }) => [name, memoryMb]));

const gb = (bytes: number): number => bytes / 1024 ** 3;

/** Dollars for what was counted, line by line. */
const dollars = (counts: Counts, transitions = 0) => {
  const runs = total(counts.invocations);
  const logBytes =
    (counts.logs.bytes ?? 0) +
    runs * assumed.platformLogBytesPerRun +
    total(counts.http) * assumed.accessLogBytesPerCall +
    ((counts.invocations.detect ?? 0) + (counts.invocations['revoke-sessions'] ?? 0)) * assumed.metricLogBytes;
  const lines = {
    stepFunctions: transitions * prices.stateTransition,
    lambdaRequests: runs * prices.lambdaRequest,
    lambdaTime: gbSeconds(counts.invocations) * prices.lambdaArmGbSecond,
    dynamoDbWrites: (counts.units.write ?? 0) * prices.dynamoDbWriteUnit,
    dynamoDbReads: (counts.units.read ?? 0) * prices.dynamoDbReadUnit,
    events: total(counts.events) * prices.customEvent,
    httpApi: total(counts.http) * prices.httpApiCall,
    logs: gb(logBytes) * prices.logGb,
  };
  return { ...lines, total: Object.values(lines).reduce((sum, line) => sum + line, 0) };
};

const times = <T extends Record<string, number>>(lines: T, by: number): T =>
  Object.fromEntries(Object.entries(lines).map(([name, value]) => [name, Number((value * by).toPrecision(3))])) as T;

/** A role that is none of ours was assumed in a target account: most of what the rules forward. */
const someoneElses = trailSample('sts', 'AssumeRole', '222222222222', {
  userIdentity: { type: 'AssumedRole', principalId: 'AROAEXAMPLE:build', accountId: '222222222222' },
  requestParameters: {
    roleArn: roleArnOf({ accountId: '222222222222', roleName: 'build-agent' }),
    roleSessionName: 'build',
  },
});

/**
 * What a request costs: so many whole loops (asked, approved, minted, used, done, revoked) on a stack in this process,
 * whose calls are counted as they are made; then one run of the sweeper and one event that is none of ours, alone.
 */
export const cost = async ({ loops }: { loops: number }) => {
  const counting = startCounting();
  let stack: Stack | undefined;
  const invoked = async (name: string, event: unknown): Promise<Counts> => {
    const before = counting.now();
    await stack?.invoke(name, event);
    return between(before, counting.now());
  };
  return inOffice(
    async (office) => {
      const token = await office.login('U0ALICE');
      await stack?.idle();
      const before = counting.now();
      for (let loop = 0; loop < loops; loop++) await wholeLoop(office, token);
      await until('the executions to stop', () => stopped(office), 50);
      await stack?.idle();
      const perRequest = between(before, counting.now(), loops);
      const { executions, transitions } = await transitionsOf(office);
      const sweepRun = await invoked('sweep', { 'detail-type': 'Scheduled Event', detail: {} });
      const otherEvent = await invoked('detect', someoneElses);

      const everySec = sweep.trigger.kind === 'schedule' ? sweep.trigger.everySec : 0;
      const sweepsAMonth = (monthDays * 86_400) / everySec;
      const retried = functions.filter(({ name }) => isTriedAgain(name)).length;
      const alarmMetrics = alarms.reduce((sum, { metrics }) => sum + metrics.length, 0);
      return {
        assumed,
        perRequest: { ...perRequest, stateTransitions: transitions / executions },
        dollarsPerThousandRequests: times(dollars(perRequest, transitions / executions), 1_000),
        idle: {
          sweepRun,
          sweepsAMonth,
          dollarsAMonth: {
            sweeper: times(dollars(sweepRun), sweepsAMonth),
            alarms: {
              count: alarms.length,
              metrics: alarmMetrics,
              dollars: Number((alarmMetrics * prices.alarmMetricMonth).toFixed(2)),
            },
            customMetrics: { count: 4, dollars: 4 * prices.customMetricMonth },
            dashboard: prices.dashboardMonth,
            retries: Number(
              (retried * assumed.pollsOfAQueuePerSec * monthDays * 86_400 * prices.queueRequest).toFixed(2),
            ),
            keyOfTheAlarmTopic: prices.kmsKeyMonth,
          },
        },
        otherEvent,
        dollarsPerMillionForwardedEvents: times(
          { ...dollars(otherEvent), forwarding: prices.forwardedEvent },
          1_000_000,
        ),
      };
    },
    {
      start: async ({ slack }) => {
        const here = await startStackHere(counting, slack);
        stack = here.stack;
        return here.process;
      },
    },
  );
};
