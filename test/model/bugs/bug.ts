import type { Actor } from '../actor.ts';
import type { UseCases } from '../does.ts';
import type { ModelPorts } from '../instrument.ts';
import type { Definitions } from '../states/machines.ts';

/**
 * A mistake that somebody could make, put in the place of a port, a use case or a machine. The model has to find it.
 */
export type Bug = {
  name: string;
  /** What it breaks, for the reader of the test's name. */
  breaks: string;
  ports?: (ports: ModelPorts, actor: Actor) => ModelPorts;
  does?: Partial<UseCases>;
  machines?: Definitions;
};
