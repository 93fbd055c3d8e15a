import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { commandName } from '#core/command-name.ts';
import { exits, Failure } from './failure.ts';
import { writePrivately } from './private-file.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export type SavedLogin = { token: string; expiresAt: string; person: { id: string; name: string } };

/** A token belongs to the address that gave it, and is sent nowhere else. `current` is where one logged in last. */
export type SavedLogins = { current?: string; logins: Readonly<Record<string, SavedLogin>> };

/** The folder of the CLI's own files. */
export const homeOf = (env: Env, platform: NodeJS.Platform = process.platform): string => {
  if (env.DAYPASS_HOME) return env.DAYPASS_HOME;
  if (platform === 'win32' && env.APPDATA) return join(env.APPDATA, 'daypass');
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'daypass');
};

const fileIn = (env: Env): string => join(homeOf(env), 'login.json');

const isLogins = (value: unknown): value is SavedLogins =>
  typeof value === 'object' &&
  value !== null &&
  'logins' in value &&
  typeof value.logins === 'object' &&
  value.logins !== null;

/** The saved logins; none where there is no file yet. */
export const readLogins = async (env: Env): Promise<SavedLogins> => {
  const file = fileIn(env);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Failure(
      exits.unexpected,
      'unreadable-file',
      `${file} cannot be read (${error.code}).`,
      'Check its owner and mode.',
    );
  });
  if (text === undefined) return { logins: {} };
  try {
    const value: unknown = JSON.parse(text);
    if (isLogins(value)) return value;
  } catch {
    // Said below.
  }
  throw new Failure(
    exits.notLoggedIn,
    'unreadable-file',
    `${file} is not what ${commandName} wrote.`,
    `Delete it and run \`${commandName} login\`.`,
  );
};

/** Writes them for their owner's eyes only. */
export const writeLogins = async (env: Env, logins: SavedLogins): Promise<void> => {
  const file = fileIn(env);
  try {
    // Whatever else lies in a folder that was there before stays as open as it was: DAYPASS_HOME may name any.
    await writePrivately(file, `${JSON.stringify(logins, null, 2)}\n`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const hint = 'Make the folder writable, or set DAYPASS_HOME to another one.';
    throw new Failure(exits.unexpected, 'unwritable-file', `${file} cannot be written (${code}).`, hint);
  }
};
