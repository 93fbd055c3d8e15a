import type { BusEvent } from '#local/aws/events/bus-event.ts';
import { type Stack, startStack } from '#local/stack.ts';
import { until } from '#test/kit/until.ts';
import type { Counting } from './counting.ts';
import type { StackProcess } from './stack-process.ts';

/** The stack in this process, where its calls can be counted, with what an office needs of one. */
export const startStackHere = async (
  counting: Counting,
  slack: { url: string; signingSecret: string },
): Promise<{ process: StackProcess; stack: Stack }> => {
  const known = new Map<string, number>();
  const startedAt = performance.now();
  const stack = await startStack({
    port: 0,
    awsPort: 0,
    policyPath: 'access.yaml',
    slack: { apiUrl: slack.url, botToken: 'xoxb-bench', signingSecret: slack.signingSecret },
    log: counting.log,
    onEvent: (event: BusEvent) => {
      counting.onEvent(event);
      known.set(`${event['detail-type']} ${String(event.detail.requestId)}`, performance.now());
    },
  });
  counting.appIsAt(stack.appUrl);
  const process_: StackProcess = {
    pid: process.pid,
    appUrl: stack.appUrl,
    awsUrl: stack.awsUrl,
    dataFolder: stack.dataFolder,
    readyAfterMs: performance.now() - startedAt,
    heard: (event, requestId) => until(`${event} of ${requestId}`, () => known.get(`${event} ${requestId}`)),
    chatter: counting.chatter,
    stop: stack.stop,
  };
  return { process: process_, stack };
};
