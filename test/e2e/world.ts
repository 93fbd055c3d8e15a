import { turnableClock } from '#local/clock.ts';
import { startStack } from '#local/stack.ts';
import type { Log } from '#ports/log.ts';
import { actorsOn } from './actors.ts';
import { signingSecret } from './slack-person.ts';
import { startSlackStandIn } from './slack-stand-in.ts';

/** Keeps the errors that functions log: a test that does not provoke any expects none. */
const faultLog =
  (faults: string[]) =>
  (functionName: string): Log => ({
    info: () => undefined,
    warn: () => undefined,
    error: (message, facts) => void faults.push(`${functionName}: ${message} ${JSON.stringify(facts)}`),
  });

/** The whole stack in this process, with a clock that stands still until the test turns it, and people to act on it. */
export const openWorld = async ({
  policyPath = 'access.yaml',
  startMs,
}: {
  policyPath?: string;
  startMs?: number;
} = {}) => {
  const slack = await startSlackStandIn();
  const clock = turnableClock(startMs);
  const faults: string[] = [];
  const stack = await startStack({
    port: 0,
    awsPort: 0,
    policyPath,
    slack: { apiUrl: slack.url, botToken: 'xoxb-e2e', signingSecret },
    clock,
    log: faultLog(faults),
  });
  const close = async (): Promise<void> => {
    await stack.stop();
    await slack.stop();
  };
  return { ...actorsOn({ ...stack, slack, nowMs: clock.nowMs }), stack, clock, faults, close };
};

export type World = Awaited<ReturnType<typeof openWorld>>;
