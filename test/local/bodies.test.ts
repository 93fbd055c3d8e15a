import { type ClientRequest, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type Bodies, BodyRefused, createBodies } from '#local/bodies.ts';
import { until } from '#test/kit/until.ts';

const KiB = 1024;
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Answers each request with how many bytes its body had, or with why it was refused. */
const serve = async (bodies: Bodies, maxBytes: number): Promise<number> => {
  server = createServer((req, res) => {
    bodies.read(req, maxBytes).then(
      (body) => res.end(String(body.length)),
      (error: unknown) => {
        if (error instanceof BodyRefused) res.writeHead(error.status, { connection: 'close' }).end(error.message);
      },
    );
  });
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  return (server.address() as AddressInfo).port;
};

type Heard = { status: number; text: string };

/** Sends what it is told to, and goes on until `end`. */
const sender = (port: number, declared: number): { req: ClientRequest; heard: Promise<Heard> } => {
  const req = request({ port, method: 'POST', headers: { 'content-length': declared } });
  const heard = new Promise<Heard>((done, failed) => {
    req.on('error', failed);
    req.on('response', async (res) => {
      let text = '';
      for await (const chunk of res) text += String(chunk);
      done({ status: res.statusCode ?? 0, text });
    });
  });
  heard.catch(() => undefined);
  return { req, heard };
};

it('a hundred senders that never end are held to the budget together, and an honest one passes', async () => {
  const bodies = createBodies(1024 * KiB);
  const port = await serve(bodies, 256 * KiB);
  let most = 0;
  const slow = Array.from({ length: 100 }, () => sender(port, 200 * KiB));
  for (const { req } of slow) req.write(Buffer.alloc(100 * KiB));
  await until('what is held to reach the budget', () => {
    most = Math.max(most, bodies.heldBytes());
    return most > 800 * KiB;
  });
  const honest = sender(port, 60 * KiB);
  honest.req.end(Buffer.alloc(60 * KiB));
  expect(await honest.heard).toEqual({ status: 200, text: String(60 * KiB) });
  expect(Math.max(most, bodies.heldBytes())).toBeLessThanOrEqual(1024 * KiB);
  for (const { req } of slow) req.end(Buffer.alloc(100 * KiB));
  const answers = await Promise.all(slow.map(({ heard }) => heard));
  const refused = answers.filter(({ status }) => status === 503);
  expect(refused.length).toBeGreaterThanOrEqual(89);
  expect(refused[0]?.text).toBe('Too many requests are being sent at this moment, and this one took the longest.');
  expect(bodies.heldBytes()).toBe(0);
});

it('of a body that is too large nothing is kept, and its sender hears why after sending all of it', async () => {
  const bodies = createBodies(1024 * KiB);
  const port = await serve(bodies, 16 * KiB);
  const large = sender(port, 10 * 1024 * KiB);
  large.req.write(Buffer.alloc(1024 * KiB));
  large.req.end(Buffer.alloc(9 * 1024 * KiB));
  expect(await large.heard).toEqual({
    status: 413,
    text: 'A request may have 16384 bytes here; this one has more.',
  });
  expect(bodies.heldBytes()).toBe(0);
});

it('a length that was not declared is counted while it comes', async () => {
  const bodies = createBodies(1024 * KiB);
  const port = await serve(bodies, 16 * KiB);
  const req = request({ port, method: 'POST' });
  const status = new Promise<number | undefined>((done) => req.on('response', (res) => done(res.statusCode)));
  for (let sent = 0; sent < 20; sent += 1) req.write(Buffer.alloc(KiB));
  req.end();
  expect(await status).toBe(413);
});

it('single bytes cost no more than they are, and a sender that goes away leaves nothing', async () => {
  const bodies = createBodies(1024 * KiB);
  const port = await serve(bodies, 16 * KiB);
  const { req } = sender(port, 3 * KiB);
  for (let sent = 0; sent < 1500; sent += 1) req.write('x');
  await until('all of it to be held', () => bodies.heldBytes() >= 1500);
  expect(bodies.heldBytes()).toBeLessThanOrEqual(3000);
  req.destroy();
  await until('nothing to be held', () => bodies.heldBytes() === 0);
});
