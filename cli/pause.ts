import { setTimeout as timer } from 'node:timers/promises';
import type { Context } from './context.ts';
import { interrupted } from './failure.ts';

/** Waits; Ctrl-C ends it with a Failure that carries the hint. */
export const pause = async (context: Context, ms: number, hint?: string): Promise<void> => {
  await timer(ms, undefined, { signal: context.signal }).catch(() => {
    throw interrupted(hint);
  });
};

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Something that moves while a person waits. Nothing where nobody sits before it. Returns what ends it. */
export const spin = (context: Context, text: string): (() => void) => {
  if (!context.interactive || context.json) return () => undefined;
  let frame = 0;
  const draw = (): void => {
    process.stderr.write(`\r${frames[frame++ % frames.length]} ${text}`);
  };
  draw();
  const timer = setInterval(draw, 100);
  return () => {
    clearInterval(timer);
    process.stderr.write('\r\u001b[2K');
  };
};
