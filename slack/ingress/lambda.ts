import { AwsLambdaReceiver } from '@slack/bolt';
import { slackApp } from '#slack/app.ts';
import type { SlackPorts } from '#slack/ports.ts';
import { boltLogger } from './bolt-logger.ts';
import { signedMark } from './guard.ts';
import type { Receive } from './ingress.ts';

type AwsHandler = ReturnType<AwsLambdaReceiver['toHandler']>;
type AwsEvent = Parameters<AwsHandler>[0];

/**
 * Bolt's Lambda receiver behind our ingress, which has verified the signature: Bolt's check would use the machine's own
 * clock.
 */
export const lambdaReceive = (ports: SlackPorts): Receive => {
  const receiver = new AwsLambdaReceiver({
    signingSecret: 'checked by the ingress',
    signatureVerification: false,
    logger: boltLogger(ports.log),
    customPropertiesExtractor: ({ headers }: AwsEvent) => ({ signed: signedMark(headers) }),
  });
  slackApp(receiver, ports);
  const handle = receiver.toHandler();
  return async ({ headers, body }) => {
    const answer = await handle(eventOf(headers, body), undefined);
    const contentType = answer.headers?.['Content-Type'];
    return {
      status: answer.statusCode,
      headers: { 'content-type': typeof contentType === 'string' ? contentType : 'text/plain' },
      body: answer.body,
    };
  };
};

const eventOf = (headers: Readonly<Record<string, string>>, body: string): AwsEvent => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: '/slack/events',
  rawQueryString: '',
  headers: { ...headers },
  requestContext: {},
  body,
  isBase64Encoded: false,
});
