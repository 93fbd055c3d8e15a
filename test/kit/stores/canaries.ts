import type { Canaries, Canary } from '#ports/canaries.ts';
import { copy, type Memory } from './memory.ts';

const keyOf = ({ accountId, sessionName }: Pick<Canary, 'accountId' | 'sessionName'>): string =>
  `${accountId} ${sessionName}`;

export const memoryCanaries = ({ canaries }: Memory): Canaries => ({
  arrived: async (canary) => void canaries.set(keyOf(canary), copy(canary)),
  get: async (which) => canaries.get(keyOf(which)),
});
