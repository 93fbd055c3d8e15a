import fc from 'fast-check';
import type { World } from '../world.ts';
import { brings, catchesUp, goesOnward, loses, obtainsChain, slipsOnward } from './chain.ts';
import { answers, asksMore, extendsLate } from './extension.ts';
import { ends, mints, repeats } from './grant.ts';
import { revokesForAlert, takesByHand } from './hand.ts';
import { deletesDeny, pressesButton } from './interference.ts';
import { reachesLimit } from './limits.ts';
import { lifts, liftsEarly, locksDown, locksDownAndSettles } from './lockdown.ts';
import {
  breaks,
  delivers,
  dies,
  executes,
  finishes,
  flows,
  goesOn,
  outages,
  stops,
  sweeps,
  turns,
} from './machinery.ts';
import { asks, cancels, obtains, votes } from './request.ts';
import type { Verb } from './verb.ts';
import { locksVoterDown } from './voters.ts';

/** A new command is one file beside these and one name here. */
export type Command = fc.AsyncCommand<object, World, true>;

const commandOf = <A>({ name, often, args, run }: Verb<A>): fc.Arbitrary<Command>[] =>
  Array.from({ length: often }, () =>
    args.map((given): Command => {
      return {
        check: async () => true,
        run: async (_, world) => {
          await run(world, given);
          await world.executions.quiet();
          world.look();
          const violation = world.violation();
          if (violation) throw violation;
        },
        toString: () => `${name} ${fc.stringify(given)}`,
      };
    }),
  );

export const commands: fc.Arbitrary<Command>[] = [
  ...commandOf(asks),
  ...commandOf(obtains),
  ...commandOf(votes),
  ...commandOf(cancels),
  ...commandOf(mints),
  ...commandOf(ends),
  ...commandOf(repeats),
  ...commandOf(asksMore),
  ...commandOf(answers),
  ...commandOf(extendsLate),
  ...commandOf(flows),
  ...commandOf(delivers),
  ...commandOf(executes),
  ...commandOf(sweeps),
  ...commandOf(stops),
  ...commandOf(goesOn),
  ...commandOf(dies),
  ...commandOf(turns),
  ...commandOf(breaks),
  ...commandOf(outages),
  ...commandOf(finishes),
  ...commandOf(locksDown),
  ...commandOf(locksDownAndSettles),
  ...commandOf(locksVoterDown),
  ...commandOf(reachesLimit),
  ...commandOf(takesByHand),
  ...commandOf(revokesForAlert),
  ...commandOf(lifts),
  ...commandOf(liftsEarly),
  ...commandOf(obtainsChain),
  ...commandOf(goesOnward),
  ...commandOf(slipsOnward),
  ...commandOf(brings),
  ...commandOf(catchesUp),
  ...commandOf(loses),
  ...commandOf(pressesButton),
  ...commandOf(deletesDeny),
];
