import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { createRig, executionArn } from './rig.ts';

const url = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);

/** A process that starts executions and answers every second one, and says each time what was acknowledged. */
const child = (file: string): string => `
  import { DatabaseSync } from 'node:sqlite';
  import { createRig } from ${url('./rig.ts')};
  import { approval } from ${url('./machines.ts')};
  let token = '';
  const invoke = async (name, payload) => { token = payload.token; };
  const rig = createRig({ db: new DatabaseSync(${JSON.stringify(file)}), invoke });
  const say = (...words) => process.stdout.write(words.join(' ') + '\\n');
  rig.deploy(approval());
  for (let n = 0; ; n++) {
    await rig.start({ id: n }, 'run-' + n);
    say('started', 'run-' + n, token);
    if (n % 2 === 1) continue;
    await rig.call('SendTaskSuccess', { taskToken: token, output: '"answered before"' });
    say('answered', 'run-' + n);
  }`;

it('SIGKILL loses nothing that was acknowledged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'states-kill-'));
  try {
    const file = join(folder, 'states.sqlite');
    const process_ = spawn(process.execPath, ['--input-type=module', '--eval', child(file)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = once(process_, 'exit');
    const started = new Map<string, string>();
    const answered = new Set<string>();
    for await (const line of createInterface(process_.stdout)) {
      const [word, name = '', token = ''] = line.split(' ');
      if (word === 'started') started.set(name, token);
      if (word === 'answered') answered.add(name);
      if (started.size === 60) process_.kill('SIGKILL');
    }
    await gone;
    expect(process_.signalCode).toBe('SIGKILL');

    const rig = createRig({ db: new DatabaseSync(file), invoke: async () => 'asked' });
    rig.states.resume();
    for (const [name, taskToken] of started) {
      const arn = executionArn('machine', name);
      if (answered.has(name)) {
        expect(await rig.ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: 'answered before' });
        continue;
      }
      // The last one may have been answered without our hearing of it: then it says so.
      const answer = rig.call('SendTaskSuccess', { taskToken, output: '"answered after"' });
      await answer.catch((error: unknown) => expect(error).toMatchObject({ code: 'TaskTimedOut' }));
      expect(await rig.ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: expect.stringMatching(/^answered/) });
    }
    expect(answered.size).toBeGreaterThanOrEqual(29);
    rig.db.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
