import { createHmac, createSecretKey } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { remembered } from '../remembered.ts';
import { type RandomBytes, systemRandom } from './ids.ts';

/**
 * Secrets are never written down: they are derived from an access key id and the stack's master key whenever a
 * signature has to be checked.
 */
export type KeyRing = {
  /** 40 characters, as AWS's are. */
  secretOf(accessKeyId: string): string;
  /** The session token of an `ASIA…` key. */
  tokenOf(accessKeyId: string): string;
};

export const keyRing = (masterKey: Uint8Array): KeyRing => {
  const key = createSecretKey(masterKey);
  const derive = (purpose: string, id: string) => createHmac('sha512', key).update(`${purpose}\n${id}`).digest();
  const byId = (of: (id: string) => string) => remembered(of, (id) => id);
  return {
    secretOf: byId((id) => derive('secret access key', id).subarray(0, 30).toString('base64')),
    tokenOf: byId((id) => `IQoJb3JpZ2luX2Vj${derive('session token', id).toString('base64url')}`),
  };
};

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/**
 * Reads the master key, or writes a new one (mode 0600) where there is none. Throws when the file is not such a key.
 */
export const readMasterKey = (file: string, random: RandomBytes = systemRandom): Uint8Array => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, Buffer.from(random(32)).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
  chmodSync(file, 0o600);
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
  if (key.length !== 32) {
    throw new Error(
      `${file} does not hold a master key of 32 bytes in hex. Restore it, or start with a new data folder.`,
    );
  }
  return key;
};
