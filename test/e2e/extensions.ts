import { GetExecutionHistoryCommand, type HistoryEvent } from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import type { RequestView } from '#core/api/views.ts';
import { until } from '#test/kit/until.ts';
import type { Actors } from './actors.ts';
import type { Message } from './slack-stand-in.ts';

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

/** The reply to the card under which an extension is answered. */
export const replyAbout = (world: Actors, extensionId: string): Promise<Message> =>
  until('the reply that asks for more time', () =>
    world.slack.messages.find(
      ({ threadTs, blocks }) => threadTs !== undefined && JSON.stringify(blocks).includes(`.${extensionId}`),
    ),
  );

/** An approver presses Approve on that reply. */
export const approveExtension = async (world: Actors, extensionId: string, approverId: string): Promise<void> => {
  expect((await world.click(approverId, await replyAbout(world, extensionId), 'Approve')).status).toBe(200);
};

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
