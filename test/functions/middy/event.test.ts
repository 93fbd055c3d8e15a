import type { Context } from 'aws-lambda';
import { expect, it } from 'vitest';
import { type BusEvent, busHandler } from '#functions/middy/event.ts';

const event = { 'detail-type': 'request.approved', source: 'daypass', detail: { requestId: 'one' } } as BusEvent;
/** As Lambda writes it: docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const failed = {
  version: '1.0',
  requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
  requestPayload: event,
  responsePayload: { errorType: 'SlackUnavailable' },
};
const queued = (...bodies: object[]) => ({ Records: bodies.map((body) => ({ body: JSON.stringify(body) })) }) as never;

const taking = () => {
  const taken: unknown[] = [];
  return { taken, handler: busHandler(async (one) => void taken.push(one)) };
};

it('an event is the same whether a rule hands it over or the queue of those that failed', async () => {
  const { taken, handler } = taking();
  await handler(event, {} as Context);
  await handler(queued(failed), {} as Context);
  expect(taken).toEqual([event, event]);
});

it('what fails stays in the queue, and several at once are refused, so that none is taken for done', async () => {
  const failing = busHandler(() => Promise.reject(new Error('Slack is away')));
  await expect(failing(queued(failed), {} as Context)).rejects.toThrow('Slack is away');
  const { taken, handler } = taking();
  await expect(handler(queued(failed, failed), {} as Context)).rejects.toThrow('one at a time (BatchSize 1)');
  expect(taken).toEqual([]);
});
