import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/**
 * As much of RFC 6455 as a server needs for short messages: text, ping, pong and close, no fragments, no extensions.
 */
export type Peer = { send(text: string): void; close(): void; drop(): void };

const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

const frame = (opcode: number, payload: Buffer): Buffer => {
  const head =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, payload.length])
      : Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, payload]);
};

/** The first frame in the bytes and what follows it; undefined while it is not complete. Clients always mask. */
const firstFrame = (bytes: Buffer): { opcode: number; payload: Buffer; rest: Buffer } | undefined => {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const headLength = short === 126 ? 4 : 2;
  if (short === 127) throw new Error('The stand-in takes no message above 64 KB.');
  if (bytes.length < headLength + 4) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  const mask = bytes.subarray(headLength, headLength + 4);
  const from = headLength + 4;
  if (bytes.length < from + length) return undefined;
  const payload = Buffer.from(bytes.subarray(from, from + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return { opcode: bytes.readUInt8(0) & 0x0f, payload, rest: bytes.subarray(from + length) };
};

/** Answers an HTTP upgrade. `heard` gets each text message, `gone` is told once. */
export const acceptWebSocket = (
  request: IncomingMessage,
  socket: Socket,
  { heard, gone }: { heard: (text: string) => void; gone: () => void },
): Peer => {
  const key = `${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  socket.write(
    [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}`,
      '\r\n',
    ].join('\r\n'),
  );
  let bytes: Buffer = Buffer.alloc(0);
  const take = (opcode: number, payload: Buffer): void => {
    if (opcode === opcodes.text) heard(payload.toString());
    if (opcode === opcodes.ping) socket.write(frame(opcodes.pong, payload));
    if (opcode === opcodes.close) socket.end(frame(opcodes.close, payload));
  };
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (let next = firstFrame(bytes); next; next = firstFrame(bytes)) {
      bytes = next.rest;
      take(next.opcode, next.payload);
    }
  });
  socket.on('error', () => undefined);
  socket.on('close', gone);
  return {
    send: (text) => socket.write(frame(opcodes.text, Buffer.from(text))),
    close: () => socket.write(frame(opcodes.close, Buffer.from([0x03, 0xe8]))),
    drop: () => socket.destroy(),
  };
};
