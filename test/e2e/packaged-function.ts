import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A packaged function in a process of its own, with nothing in its environment but what is given. */
export const startPackaged = (path: string, environment: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, ['test/e2e/lambda-process.ts', path], { env: environment });
  const gone = once(child, 'exit');
  const waiting = new Map<number, (answer: unknown) => void>();
  let complaints = '';
  let count = 0;
  child.stderr.on('data', (chunk) => {
    complaints += String(chunk);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!line.startsWith('{"id"')) return;
    const { id, answer } = JSON.parse(line) as { id: number; answer: unknown };
    waiting.get(id)?.(answer);
  });
  return {
    invoke: (event: unknown): Promise<unknown> => {
      const id = ++count;
      const answered = new Promise((resolve) => waiting.set(id, resolve));
      child.stdin.write(`${JSON.stringify({ id, event })}\n`);
      const died = gone.then(() => {
        throw new Error(`The function's process ended: ${complaints}`);
      });
      return Promise.race([answered, died]);
    },
    stop: async (): Promise<void> => {
      child.kill();
      await gone;
    },
  };
};
