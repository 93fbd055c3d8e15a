import { roleArnOf } from '#core/aws-role.ts';
import { enterState } from './children.ts';
import type { Engine } from './engine.ts';
import type { Execution, Machine } from './rows.ts';
import type { Store } from './store.ts';

/** Starts an execution of the machine's current definition. Its row, first state and status event are one commit. */
export const startExecution = (
  store: Store,
  engine: Engine,
  machine: Machine,
  { name, input, startedMs }: { name: string; input: string; startedMs: number },
): Execution => {
  const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
  const definition = engine.journal.definition(machine.digest);
  const { TimeoutSeconds: timeoutSec } = definition;
  const dueMs = timeoutSec === undefined ? null : startedMs + timeoutSec * 1000;
  return engine.start(
    () => store.insertExecution(arn, machine.arn, name, machine.digest, input, startedMs, dueMs),
    (entry) => {
      const executionStartedEventDetails = {
        input,
        inputDetails: { truncated: false },
        roleArn: roleArnOf({ accountId: machine.account, roleName: `daypass-${machine.name}` }),
      };
      entry.record(0, 'ExecutionStarted', { executionStartedEventDetails });
      entry.announce(entry.execution);
      const fresh = {
        execution: entry.execution.seq,
        parent: null,
        position: 0,
        scope: '[]',
        item: null,
        state: '',
        phase: 'entered' as const,
        input,
        variables: '{}',
        retries: '[]',
        enteredMs: startedMs,
        // The first state's event has, as in the service, no predecessor.
        lastEvent: 0,
        dueMs: null,
        work: null,
      };
      const thread = { ...fresh, id: store.addThread(fresh), step: 0 };
      return enterState(entry, thread, entry.scope(thread), definition.StartAt, input);
    },
  );
};
