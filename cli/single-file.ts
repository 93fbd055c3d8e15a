#!/usr/bin/env node
import { commandName } from '#core/command-name.ts';
import { sayWhereOperatorCommandsAre } from './operator-verbs.ts';
import { run } from './run.ts';

/** What the hub serves as one file (`adapters/bundled-cli.ts`): the commands of those who ask for access. */
if (typeof AbortSignal.any === 'function') await run(sayWhereOperatorCommandsAre);
else {
  process.stderr.write(`${commandName}: needs Node 20.3 or newer, and this is ${process.versions.node}.\n`);
  process.exitCode = 1;
}
