import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Engine, engineBinary, startListening } from './engine.ts';

const door = fileURLToPath(new URL('./door.ts', import.meta.url));

/** A new network namespace has a loopback of its own, which is down. There is no one tool that every Linux has. */
const loopbackUp =
  '{ ip link set lo up || ifconfig lo up || { mount -t sysfs sysfs /sys && echo 0x9 > /sys/class/net/lo/flags; }; } 2>/dev/null';

/** A namespace for the network; one for users gives the right to make it, one for mounts lets /sys show it. */
const namespaces = ['--user', '--map-root-user', '--net', '--mount', '--'];

/** sun_path of unix(7) has 108 bytes with the zero at its end. */
const longestPath = 107;

/** Why no closed engine can run on this machine; undefined where one can. */
export const whyNotClosed = (): string | undefined => {
  if (process.platform !== 'linux') return `${process.platform} has no network namespaces`;
  if (engineBinary() === undefined) return `there is no dynoxide for ${process.arch}`;
  const tried = spawnSync('unshare', [...namespaces, '/bin/sh', '-c', loopbackUp], { encoding: 'utf8' });
  if (tried.status === 0) return undefined;
  return tried.error?.message ?? (tried.stderr.trim() || 'its loopback could not be set up');
};

/**
 * An engine that no other user of this machine and no web page can reach: it runs in a network namespace of its own,
 * and the only way in is a socket in a folder that only this user may enter. Throws an Error that says why where the
 * system does not allow that: see `whyNotClosed`. Some systems and most containers forbid it to ordinary users.
 */
export const startClosedEngine = async (binary: string, dbPath: string, socketPath: string): Promise<Engine> => {
  if (Buffer.byteLength(socketPath) > longestPath) {
    throw new Error(`The path ${socketPath} is too long for a socket. Choose a data folder with a shorter path.`);
  }
  mkdirSync(dirname(socketPath), { recursive: true, mode: 0o700 });
  const inside = [`${loopbackUp} && exec "$0" "$@"`, process.execPath, door, socketPath, binary, dbPath];
  return startListening(`unix:${socketPath}`, 'unshare', [...namespaces, '/bin/sh', '-c', ...inside]);
};
