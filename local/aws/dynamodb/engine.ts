import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { Readable, Writable } from 'node:stream';

/** A running dynoxide. `url` is `http://host:port`, or `unix:` and the path of a socket. */
export type Engine = {
  url: string;
  pid: number;
  /** Resolves when the process has ended, however it did. */
  ended: Promise<void>;
  stop(): Promise<void>;
};

/** The binary's path, or undefined where none is installed for this platform. */
export const engineBinary = (): string | undefined => {
  try {
    return createRequire(import.meta.url).resolve(`@dynoxide/${process.platform}-${process.arch}/dynoxide`);
  } catch {
    return undefined;
  }
};

/**
 * Runs the engine under a lifeline: descriptor 3 is held open by this process and closes when it dies, even by SIGKILL,
 * and the watcher beside the engine then kills it, so the data file is free for the next start. A line on the
 * descriptor tells the watcher that the engine has ended by itself; without it a reused process id could be hit.
 */
const underLifeline = '{ read -r _ <&3 || kill -9 $$; } & exec "$0" "$@" 3<&-';

const startTimeoutMs = 10_000;
const stopTimeoutMs = 3_000;
const startAttempts = 3;

/**
 * A loopback address that nobody can guess: the engine checks no signature and answers any web page, and on Linux the
 * whole of 127.0.0.0/8 is this machine, so a page in somebody's browser cannot look for it on 127.0.0.1.
 */
const ownAddress = (): string => {
  if (process.platform !== 'linux') return '127.0.0.1';
  return `127.${[randomInt(1, 255), randomInt(0, 256), randomInt(1, 255)].join('.')}`;
};

const freePort = async (host: string): Promise<number> => {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The loopback gave no port to listen on.');
  return address.port;
};

/** Resolves once the engine says that it listens; rejects with what it said when it ended instead. */
const listening = async (child: ChildProcess, ended: Promise<void>): Promise<void> => {
  let said = '';
  const heard = new Promise<void>((ready) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said = `${said}${text}`.slice(-2_000);
        if (said.includes('listening on')) ready();
      });
    }
  });
  const gaveUp = async (why: string): Promise<never> => {
    throw new Error(`dynoxide ${why}: ${said.trim() || 'it said nothing'}`);
  };
  const late = new Promise<void>((done) => setTimeout(done, startTimeoutMs).unref());
  await Promise.race([
    heard,
    ended.then(() => gaveUp('ended instead of starting')),
    late.then(() => gaveUp(`did not listen within ${startTimeoutMs} ms`)),
  ]);
};

/** Starts the program; ready when it resolves. Throws what the program said where it did not come to listen. */
export const startListening = async (url: string, program: string, parameters: readonly string[]): Promise<Engine> => {
  // Detached: Ctrl-C in the terminal is for us, and the engine has to outlive our own orderly stop.
  const child = spawn('/bin/sh', ['-c', underLifeline, program, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // Nothing of ours: what the environment holds are Slack's tokens and AWS's keys.
    env: { PATH: process.env.PATH },
    detached: true,
  });
  const lifeline = child.stdio[3] as Writable & { unref?: () => void };
  lifeline.on('error', () => {});
  const ended = new Promise<void>((done) => {
    child.once('error', () => done());
    child.once('exit', () => done());
  }).then(() => {
    lifeline.end('\n');
  });
  try {
    await listening(child, ended);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  child.unref();
  for (const stream of [child.stdout, child.stderr, lifeline] as (Readable & { unref?: () => void })[])
    stream.unref?.();
  return {
    url,
    pid: child.pid ?? 0,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await ended;
      clearTimeout(hard);
    },
  };
};

const startOnce = async (binary: string, dbPath: string | undefined): Promise<Engine> => {
  const host = ownAddress();
  const port = await freePort(host);
  const serve = ['serve', '--host', host, '--port', String(port), ...(dbPath ? ['--db-path', dbPath] : [])];
  return startListening(`http://${host}:${port}`, binary, serve);
};

/**
 * Starts an engine on the file, or in memory without one. A port that somebody else took meanwhile costs a new attempt.
 */
export const startEngine = async (binary: string, dbPath?: string): Promise<Engine> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(binary, dbPath);
    } catch (error) {
      if (attempt === startAttempts) {
        throw new Error(`The embedded DynamoDB could not be started on ${dbPath ?? 'memory'}.`, { cause: error });
      }
    }
  }
};
