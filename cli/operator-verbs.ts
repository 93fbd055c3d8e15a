import { commandName } from '#core/command-name.ts';
import { exits, Failure } from './failure.ts';
import type { AddOperatorCommands } from './program.ts';

/** What only a clone of the repository has: it reads the access policy, and AWS with an operator's own credentials. */
export const operatorVerbs = [
  'doctor',
  'revocations',
  'lift-lockdown',
  'runbook',
  'policy',
  'slack',
  'onboard',
] as const;

/** In place of them, where they are not: each says where it is. */
export const sayWhereOperatorCommandsAre: AddOperatorCommands = ({ program }) => {
  for (const verb of operatorVerbs) {
    program
      .command(verb, { hidden: true })
      .argument('[words...]')
      .helpOption(false)
      .allowUnknownOption()
      .action(() => {
        const hint = `Run it in the clone of Daypass that the hub was deployed from. \`${commandName} --help\` lists what is here.`;
        throw new Failure(
          exits.usage,
          'only-in-a-clone',
          `\`${commandName} ${verb}\` is for those who run Daypass, and not a part of this file.`,
          hint,
        );
      });
  }
};
