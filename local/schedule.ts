import { wholeSeconds } from '#core/instant.ts';
import type { FunctionConfig } from '#functions/config.ts';
import type { Log } from '#ports/log.ts';
import type { LocalClock } from './clock.ts';
import { hubAccountId, region } from './world.ts';

/** EventBridge's scheduled rules: runs each function that has a schedule, once at the start and then regularly. */
export const createSchedule = (deps: {
  functions: readonly FunctionConfig[];
  clock: LocalClock;
  log: Log;
  invoke: (functionName: string, event: unknown) => Promise<unknown>;
}) => {
  const { functions, clock, log, invoke } = deps;
  const cancels = new Set<() => void>();
  const running = new Set<Promise<void>>();
  let stopped = false;

  const runOnce = async (name: string): Promise<void> => {
    const event = {
      version: '0',
      id: `${name}-${clock.nowMs()}`,
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: hubAccountId,
      time: wholeSeconds(clock.nowMs()),
      region,
      resources: [],
      detail: {},
    };
    await invoke(name, event).catch((error: unknown) => {
      if (!stopped)
        log.error('A scheduled function failed; it runs again at its next time.', {
          function: name,
          error: String(error),
        });
    });
  };

  const run = async (name: string, everySec: number): Promise<void> => {
    const invocation = runOnce(name);
    running.add(invocation);
    await invocation;
    running.delete(invocation);
    if (stopped) return;
    const cancel = clock.at(clock.nowMs() + everySec * 1000, () => {
      cancels.delete(cancel);
      void run(name, everySec);
    });
    cancels.add(cancel);
  };

  return {
    start: (): void => {
      for (const { name, trigger } of functions) if (trigger.kind === 'schedule') void run(name, trigger.everySec);
    },
    /** Starts nothing more and waits for what runs. */
    stop: async (): Promise<void> => {
      stopped = true;
      for (const cancel of cancels) cancel();
      await Promise.all(running);
    },
  };
};
