import { chmod, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CredentialsView } from '#core/api/views.ts';
import { sha256 } from '#core/sha256.ts';
import { isUlid } from '#core/ulid.ts';
import { type Env, homeOf } from './home.ts';
import { writePrivately } from './private-file.ts';

/** Credentials that were handed out. `mark` says how their grant stood then: see `markOf` in `live-credentials.ts`. */
export type Kept = { mark: string; view: CredentialsView };

/** Where a grant's credentials are kept: whose API, and which request there. */
export type Place = { env: Env; address: string; requestId: string };

const folderOf = (env: Env): string => join(homeOf(env), 'credentials');
const prefixOf = (address: string): string => `${sha256(address).slice(0, 16)}-`;

/** The file of a grant; none for an id that is not one of Daypass's. */
export const fileOf = ({ env, address, requestId }: Place): string | undefined =>
  isUlid(requestId) ? join(folderOf(env), `${prefixOf(address)}${requestId}.json`) : undefined;

const isKept = (value: unknown): value is Kept => {
  const { mark, view } = (value ?? {}) as Partial<Kept>;
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = view?.credentials ?? {};
  return [mark, view?.region, view?.accountId, accessKeyId, secretAccessKey, sessionToken, expiresAt].every(
    (text) => typeof text === 'string' && text !== '',
  );
};

/** What others can read or have written is no place for credentials. Windows keeps a person's folders to them. */
const isPrivate = ({ uid, mode }: { uid: number; mode: number }): boolean =>
  process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);

const readFileOf = async (file: string): Promise<Kept | undefined> => {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return undefined;
  try {
    const stat = await handle.stat();
    const value: unknown = stat.isFile() && isPrivate(stat) ? JSON.parse(await handle.readFile('utf8')) : undefined;
    return isKept(value) ? value : undefined;
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
};

/** What is kept of a grant; nothing where the file is not what we wrote, or is open to others. */
export const readKept = async (place: Place): Promise<Kept | undefined> => {
  const file = fileOf(place);
  return file === undefined ? undefined : readFileOf(file);
};

/** Makes the folder, for its owner alone. Throws what the system says. */
export const openFolder = async (env: Env): Promise<void> => {
  await mkdir(folderOf(env), { recursive: true, mode: 0o700 });
  await chmod(folderOf(env), 0o700);
};

export const keep = async (place: Place, kept: Kept): Promise<void> => {
  const file = fileOf(place);
  if (file !== undefined) await writePrivately(file, `${JSON.stringify(kept)}\n`);
};

/** Nothing that cannot be deleted stands in the way of what a command is for. */
const remove = (file: string): Promise<void> => rm(file, { force: true }).catch(() => undefined);

export const forget = async (place: Place): Promise<void> => {
  const file = fileOf(place);
  if (file !== undefined) await remove(file);
};

const namesIn = (env: Env): Promise<string[]> => readdir(folderOf(env)).catch(() => []);

/** Whatever this API has given out. */
export const forgetAllOf = async (env: Env, address: string): Promise<void> => {
  const own = (await namesIn(env)).filter((name) => name.startsWith(prefixOf(address)));
  await Promise.all(own.map((name) => remove(join(folderOf(env), name))));
};

/** What has expired, of whichever API, and what is over by what this one says of the person's requests. */
export const tidy = async (
  { env, address }: Omit<Place, 'requestId'>,
  requests: readonly { id: string; status: string }[],
  nowMs: number,
): Promise<void> => {
  const over = new Set(
    requests.filter(({ status }) => status !== 'active').map(({ id }) => `${prefixOf(address)}${id}.json`),
  );
  for (const name of (await namesIn(env)).filter((each) => each.endsWith('.json'))) {
    const file = join(folderOf(env), name);
    const kept = over.has(name) ? undefined : await readFileOf(file);
    if (!kept || Date.parse(kept.view.credentials.expiresAt) <= nowMs) await remove(file);
  }
};
