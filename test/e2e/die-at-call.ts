import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { type Asked, askedChannel } from '#local/aws/iam/authorized.ts';

/**
 * Loaded before the stack. While the file that the environment names holds a word, every call of a function to AWS is
 * written down beside it, in the moment in which IAM is asked about it and nothing of it is done yet. At the call that
 * the file names the process dies. A call is named by who makes it, what it is, on what kind of item, and the
 * how-manieth it is.
 */
const file = process.env.DAYPASS_TEST_DIES_AT ?? '';
const aheadMs = Number(process.env.DAYPASS_TEST_AHEAD_MS ?? 0);

// The machine is back later than it is.
const { now } = Date;
Date.now = () => now() + aheadMs;

let heard = '';
let counts = new Map<string, number>();
/** A transaction asks about each of its items in one go, and is one call. */
let sameCall = false;

askedChannel.subscribe((message) => {
  if (sameCall) return;
  sameCall = true;
  queueMicrotask(() => {
    sameCall = false;
  });
  const armed = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (armed !== heard) counts = new Map();
  heard = armed;
  if (armed === '') return;
  const { roleArn, action, leadingKeys = [] } = message as Asked;
  const kinds = leadingKeys.map((key) => key.replace(/#.*/, '')).join(' ');
  const call = [roleArn.replace(/.*\/daypass-/, ''), action, kinds].join(' ').trim();
  const count = (counts.get(call) ?? 0) + 1;
  counts.set(call, count);
  const name = `${call} ${count}`;
  appendFileSync(`${file}.calls`, `${name}\n`);
  if (name === armed) process.kill(process.pid, 'SIGKILL');
});
