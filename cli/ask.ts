import { interrupted } from './failure.ts';

export type Choice = { value: string; label: string; hint?: string };

/** Ctrl-C at a question ends the command, as anywhere else. */
const answered = (answer: string | symbol): string => {
  if (typeof answer === 'symbol') throw interrupted();
  return answer;
};

/** Only for somebody who sits before it: see `Context.interactive`. */
export const choose = async (message: string, options: readonly Choice[]): Promise<string> => {
  const { select } = await import('@clack/prompts');
  return answered(await select<string>({ message, options: [...options], output: process.stderr }));
};

export const askText = async (message: string, initial = ''): Promise<string> => {
  const { text } = await import('@clack/prompts');
  const validate = (value: string | undefined): string | undefined =>
    value?.trim() ? undefined : 'Please type something.';
  return answered(await text({ message, initialValue: initial, validate, output: process.stderr })).trim();
};
