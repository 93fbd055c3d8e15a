import { addOperatorCommands } from './operator-commands.ts';
import { run } from './run.ts';

/** The whole command line, as a clone has it. */
await run(addOperatorCommands);
