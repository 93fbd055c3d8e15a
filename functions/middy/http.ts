import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { type ErrorName, isDaypassError, type Remedy } from '#core/errors.ts';
import { fromAnotherSite } from '#functions/http/another-site.ts';
import { type Answer, problem } from '#functions/http/answer.ts';
import type { Log } from '#ports/log.ts';

export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

const statusByRemedy: Readonly<Record<Remedy, number>> = {
  'fix-the-request': 400,
  'retry-later': 503,
  'call-an-operator': 500,
};

const statusByName: Partial<Readonly<Record<ErrorName, number>>> = {
  NotFound: 404,

  RequestClosed: 409,
  RequestPending: 409,
  GrantExtended: 409,
};

const nextByRemedy: Readonly<Record<Remedy, string>> = {
  'fix-the-request': 'Correct the request and send it again.',
  'retry-later': 'Try again in a moment.',
  'call-an-operator': 'Tell whoever runs Daypass.',
};

/** `VersionConflict` as `version-conflict`: codes of the API look alike, wherever they come from. */
const codeOf = (name: ErrorName): string => name.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase();

/** What an exception looks like from outside: our own by their remedy, any other without a word of what it was. */
const answerTo = (error: unknown): Answer => {
  if (!isDaypassError(error)) {
    return problem(500, 'unexpected', 'Daypass made a mistake here.', nextByRemedy['call-an-operator']);
  }
  const status = statusByName[error.name] ?? statusByRemedy[error.remedy];
  const headers = error.remedy === 'retry-later' ? { 'retry-after': '1' } : {};
  return problem(status, codeOf(error.name), error.message, nextByRemedy[error.remedy], headers);
};

/** On every answer: it is for one person, for now, and never a page in a frame or a script. */
const always = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

const toResult = ({ status, body, headers }: Answer): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { ...always, ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const answers = (log: Log): MiddlewareObj<APIGatewayProxyEventV2> => ({
  before: ({ event }) => {
    event.headers = Object.fromEntries(
      Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
  },
  after: (request) => {
    request.response = toResult(request.response as Answer);
  },
  onError: (request) => {
    const error: unknown = request.error;
    const { method, path } = request.event.requestContext.http;
    const name = error instanceof Error ? error.name : typeof error;
    // The message of an exception that is not ours could quote anything, a body included.
    const facts = { method, path, error: name, ...(isDaypassError(error) && { message: error.message }) };
    if (isDaypassError(error) && error.remedy !== 'call-an-operator') log.warn('A call of the HTTP API failed.', facts);
    else log.error('A call of the HTTP API failed.', facts);
    request.response = toResult(answerTo(error));
  },
});

/**
 * The stack of every function behind the HTTP API: JSON out, exceptions as answers, headers that keep browsers tame.
 */
export const http = (log: Log, run: (event: APIGatewayProxyEventV2) => Promise<Answer>): HttpHandler => {
  const stack = middy<APIGatewayProxyEventV2, unknown>({ timeoutEarlyInMillis: 500 })
    .use(answers(log))
    .handler(async (event) => fromAnotherSite(event) ?? run(event));
  return (event, context) => stack(event, context) as Promise<APIGatewayProxyStructuredResultV2>;
};
