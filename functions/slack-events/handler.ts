import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { production, productionSetting } from '#adapters/production.ts';
import type { Ports } from '#ports/ports.ts';
import { slackIngress } from '#slack/ingress.ts';
import { lambdaReceive } from '#slack/lambda.ts';
import { lazily } from '../lazily.ts';

type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** `POST /slack/events`: commands, clicks and submitted modals. Never throws; every answer is Slack's to show. */
export const build = (ports: Ports, signingSecret: string): Handler => {
  const { replies, clock, log, pause } = ports;
  const answer = slackIngress(
    { secret: signingSecret, replies, clock, log, pause },
    lambdaReceive(ports, signingSecret),
  );
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

export const handler = lazily(() => build(production(), productionSetting('SLACK_SIGNING_SECRET')));
