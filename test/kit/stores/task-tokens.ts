import type { TaskTokens } from '#ports/workflows.ts';
import type { Memory } from './memory.ts';

const keyOf = (executionName: string, gate: string): string => `${executionName} ${gate}`;

/** What `adapters/aws/task-tokens.ts` is on DynamoDB. `test/contract/stores.test.ts` holds the two to the same. */
export const memoryTaskTokens = ({ tokens }: Memory): TaskTokens => ({
  keep: async (executionName, gate, wait) => {
    const cameTooEarly = tokens.get(keyOf(executionName, gate))?.cameTooEarly === true;
    tokens.set(keyOf(executionName, gate), { wait, cameTooEarly });
    return cameTooEarly;
  },
  find: async (executionName, gate) => tokens.get(keyOf(executionName, gate))?.wait,
  cameTooEarly: async (executionName, gate) => {
    const { wait } = tokens.get(keyOf(executionName, gate)) ?? {};
    tokens.set(keyOf(executionName, gate), { ...(wait && { wait }), cameTooEarly: true });
    return wait;
  },
});
