import { readFile } from 'node:fs/promises';
import { commandFileName } from '#core/command-name.ts';
import type { CliFile } from '#ports/cli-file.ts';

/** The file that packaging put beside the function's code; read once. */
export const packagedCli = (): CliFile => {
  let text: Promise<string> | undefined;
  return () => {
    text ??= readFile(new URL(commandFileName, import.meta.url), 'utf8');
    return text;
  };
};
