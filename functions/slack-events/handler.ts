import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { production } from '#adapters/production.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { slackIngress } from '#slack/ingress/ingress.ts';
import { lambdaReceive } from '#slack/ingress/lambda.ts';
import type { SlackPorts } from '#slack/ports.ts';

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** `POST /slack/events`: commands, clicks and submitted modals. Never throws; every answer is Slack's to show. */
export const build = (ports: SlackPorts): Handler => {
  const { replies, clock, log, pause, secrets } = ports;
  const answer = slackIngress({ secret: secrets.slackSigningSecret, replies, clock, log, pause }, lambdaReceive(ports));
  const stack = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 }).handler(
    async ({ headers, body = '', isBase64Encoded, requestContext }) => {
      const { status, ...rest } = await answer({
        method: requestContext.http.method,
        headers,
        body,
        isBase64: isBase64Encoded,
      });
      return { statusCode: status, ...rest };
    },
  );
  return (event, context) => stack(event, context) as Promise<APIGatewayProxyStructuredResultV2>;
};

/** The AWS clients are loaded with the first request, so that a new instance can take it sooner. */
export const handler = lazily(async () => build(production(await import('./ports.ts'))));
