import { AwsLambdaReceiver } from '@slack/bolt';
import { slackApp } from '#slack/app.ts';
import type { SlackPorts } from '#slack/ports.ts';
import { boltLogger } from './bolt-logger.ts';
import { signedMark } from './guard.ts';
import { plainText } from './http.ts';
import type { Receive } from './ingress.ts';
import { payloadNext, readPayload } from './payload.ts';

type AwsHandler = ReturnType<AwsLambdaReceiver['toHandler']>;
type AwsEvent = Parameters<AwsHandler>[0];

/**
 * Bolt's Lambda receiver behind our ingress, which has verified the signature: Bolt's check would use the machine's own
 * clock. It gets what has all that it and the listeners read: it throws on anything else.
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
    const { json, verdict } = readPayload(headers['content-type'], body);
    if (verdict.do === 'pass-over') return plainText(200, '');
    if (verdict.do === 'refuse') {
      ports.log.warn('A request that Slack signed was refused.', { because: verdict.because });
      return plainText(400, `${verdict.because} ${payloadNext}`);
    }
    const answer = await handle(eventOf({ ...headers, 'content-type': 'application/json' }, json), undefined);
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
