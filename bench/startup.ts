import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, direct, repository, startStackProcess } from './stack-process.ts';
import { spread } from './statistics.ts';

const throughNpm: Command = ['npm', 'start', '--'];

const readyAfter = async (command: Command, times: number): Promise<number[]> => {
  const found: number[] = [];
  for (let done = 0; done < times; done++) {
    const stack = await startStackProcess(command);
    found.push(stack.readyAfterMs);
    await stack.stop();
  }
  return found;
};

/** Without the mark that the installation leaves, `npm start` would install first, and that is not what is measured. */
const isWarm = (): boolean => existsSync(join(repository, 'node_modules', '.daypass-installed'));

/**
 * From the spawn to the ready line, each time on a new data folder and with the workspace; the first run counts too.
 */
export const startup = async ({ times }: { times: number }) => ({
  node: spread(await readyAfter(direct, times)),
  npmStart: isWarm() ? spread(await readyAfter(throughNpm, times)) : null,
});
