import { GetExecutionHistoryCommand, type HistoryEvent } from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import { createLockdownStore } from '#adapters/aws/lockdown-store.ts';
import { createOutbox } from '#adapters/aws/outbox.ts';
import { createRequestStore } from '#adapters/aws/request-store.ts';
import { openTable } from '#adapters/aws/table.ts';
import { policyFile } from '#adapters/policy-file.ts';
import type { RequestView } from '#core/api/views.ts';
import { answerExtension } from '#usecases/answer-extension.ts';
import type { Actors } from './actors.ts';

export const viewOf = async (world: Actors, token: string, id: string): Promise<RequestView> =>
  (await world.api<RequestView>(token, 'GET', `/requests/${id}`)).body;

export const endOf = async (world: Actors, token: string, id: string): Promise<number> =>
  Date.parse((await viewOf(world, token, id)).grant?.endsAt ?? '');

/** Asks over the API. Returns the extension's id. */
export const extend = async (world: Actors, token: string, id: string, duration: string): Promise<string> => {
  const body = { duration, reason: 'INC-42 takes longer' };
  const answer = await world.api<RequestView>(token, 'POST', `/requests/${id}/extend`, body);
  expect({ status: answer.status, body: answer.status === 200 ? '' : answer.body }).toEqual({ status: 200, body: '' });
  return answer.body.extensions?.at(-1)?.id ?? '';
};

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

type Vote = { requestId: string; extensionId: string; personId: string };

/** An approver's yes, saved and published with the stack's own table and bus. */
export const voteFor = async (world: Actors, vote: Vote): ReturnType<typeof answerExtension> => {
  const { config } = world.profile('hub-admin').dynamoDb;
  const aws = { region: 'us-east-1', endpoint: world.awsUrl, credentials: config.credentials };
  const table = openTable('daypass', aws);
  return answerExtension(
    { ...vote, verdict: 'approve' },
    {
      clock: { nowMs: world.nowMs },
      policy: policyFile('access.yaml', quiet),
      requests: createRequestStore(table),
      lockdowns: createLockdownStore(table),
      outbox: createOutbox(table, { name: 'daypass', config: aws }, quiet),
    },
  );
};

export const approveExtension = async (world: Actors, vote: Vote): Promise<void> =>
  expect(await voteFor(world, vote)).toMatchObject({ ok: true });

/** What Step Functions says that the execution of a request has done so far. */
export const historyOf = async (world: Actors, id: string): Promise<HistoryEvent[]> => {
  const executionArn = `arn:aws:states:us-east-1:111111111111:execution:access-request:${id}`;
  const { events = [] } = await world
    .profile('hub-admin')
    .stepFunctions.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  return events;
};

export const statesIn = (events: readonly HistoryEvent[]): string[] =>
  events.flatMap(({ stateEnteredEventDetails: entered }) => (entered?.name === undefined ? [] : [entered.name]));

/** The errors of what failed in it, in order. */
export const failuresIn = (events: readonly HistoryEvent[]): string[] =>
  events.flatMap(({ taskFailedEventDetails: task, lambdaFunctionFailedEventDetails: lambda }) =>
    (task ?? lambda) ? [task?.error ?? lambda?.error ?? ''] : [],
  );
