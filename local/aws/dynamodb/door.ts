import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { startEngine } from './engine.ts';

/*
 * A program of its own: `node door.ts SOCKET BINARY FILE`. It runs in the engine's network namespace, starts the engine
 * there, and lets the holder of the socket through to it. It says `listening on` when that works.
 */

const [socketPath = '', binary = '', dbPath = ''] = process.argv.slice(2);

process.umask(0o077);
const engine = await startEngine(binary, dbPath);
const { hostname, port } = new URL(engine.url);

const server = createServer((near) => {
  const far = connect(Number(port), hostname);
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
  near.on('close', () => far.destroy());
  far.on('close', () => near.destroy());
  near.pipe(far).pipe(near);
});
rmSync(socketPath, { force: true });
server.listen(socketPath, () => process.stdout.write('listening on the socket\n'));

void engine.ended.then(() => process.exit(1));
process.once('SIGTERM', () => {
  server.close();
  void engine.stop().then(() => process.exit(0));
});
