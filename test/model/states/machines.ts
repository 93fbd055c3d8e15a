import { functions } from '#functions/registry.ts';
import { statesOn } from '#local/states/states.ts';
import type { Machine } from '#ports/workflows.ts';
import { stateMachines } from '#statemachines/registry.ts';
import { substitute } from '#statemachines/substitute.ts';
import type { ModelClock } from '../clock.ts';
import { type Deployed, memoryStore, nothingDeployed } from './memory-store.ts';

export const accountId = '111111111111';
export const region = 'us-east-1';
export const arnOf = (kind: 'stateMachine' | 'execution', ...names: string[]): string =>
  ['arn:aws:states', region, accountId, kind, ...names].join(':');

/** Definitions in place of `statemachines/<machine>.asl.json`: what a seeded mistake hands in. */
export type Definitions = Partial<Record<Machine, object>>;

const functionNames = Object.fromEntries(functions.map(({ name }) => [name, name]));

/** Checks and deploys the machines as the embedded stack does, once for all worlds. */
export const deploy = (clock: ModelClock, instead: Definitions = {}): Deployed => {
  const deployed = nothingDeployed();
  const still = { nowMs: clock.nowMs, at: () => () => {}, stop: () => {} };
  const store = memoryStore(deployed);
  const states = statesOn({ store, clock: still, region, invoke: async () => undefined, publish: () => {} });
  for (const [name, definition] of Object.entries({ ...stateMachines, ...instead })) {
    states.deploy({ name, accountId, definition: substitute(definition, functionNames) });
  }
  return deployed;
};
