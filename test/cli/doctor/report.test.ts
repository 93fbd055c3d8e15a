import { describe, expect, it } from 'vitest';
import { render } from '#cli/doctor/render.ts';
import { type Check, check, failure, type Line, ok, summaryOf, warning } from '#cli/doctor/report.ts';
import { runChecks } from '#cli/doctor/run-checks.ts';

const never = new AbortController().signal;

describe('the checks', () => {
  it('are reported in their order, whatever their answers take', async () => {
    const waiting: (() => void)[] = [];
    const slow = check('slack', 'slow', async () => {
      await new Promise<void>((go) => waiting.push(go));
      return ok('late');
    });
    const last = check('slack', 'last', async () => {
      for (const go of waiting) go();
      return ok('early');
    });
    const lines = await runChecks([slow, last], never);
    expect(lines.map(({ title, found }) => [title, found])).toEqual([
      ['slow', 'late'],
      ['last', 'early'],
    ]);
  });

  it('go on when one cannot look, and say why, but not with the error’s own words', async () => {
    const named = (name: string) => Object.assign(new Error('xoxb-secret'), { name });
    const failing = (title: string, error: Error): Check => check('accounts', title, async () => Promise.reject(error));
    const lines = await runChecks(
      [
        failing('a', named('AccessDenied')),
        failing('b', named('ExpiredTokenException')),
        failing('c', Object.assign(new Error('x'), { cause: Object.assign(new Error('y'), { code: 'ECONNREFUSED' }) })),
        check('accounts', 'd', async () => ok('fine')),
      ],
      never,
    );
    expect(lines.map(({ status, found }) => [status, found])).toEqual([
      ['failure', 'AWS does not let these credentials look.'],
      ['failure', 'The AWS credentials cannot be used (ExpiredTokenException).'],
      ['failure', 'It could not be looked at (ECONNREFUSED).'],
      ['ok', 'fine'],
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('never run more than six at a time', async () => {
    let running = 0;
    let most = 0;
    const one = check('rules', 'x', async () => {
      most = Math.max(most, ++running);
      await new Promise((next) => setImmediate(next));
      running--;
      return ok('x');
    });
    await runChecks(
      Array.from({ length: 20 }, () => one),
      never,
    );
    expect(most).toBe(6);
  });

  it('end when somebody presses Ctrl-C', async () => {
    const stop = new AbortController();
    const stuck = check('api', 'x', async () => {
      stop.abort();
      return new Promise(() => undefined);
    });
    await expect(runChecks([stuck], stop.signal)).rejects.toThrow(/abort/i);
  });
});

describe('the report', () => {
  const lines: Line[] = [
    { area: 'accounts', title: 'production x', aspect: 'trust', ...ok('t') },
    { area: 'accounts', title: 'production x', aspect: 'tags', ...ok('t') },
    { area: 'accounts', title: 'production x', aspect: 'boundary', ...failure('It is gone.', 'Put it back.') },
    { area: 'configuration', title: 'policy', ...ok('access.yaml is valid.') },
    { area: 'slack', title: 'scopes', ...warning('Too many\u001b[31m.', 'Take some away.') },
  ];
  it('is in groups, aligned, with what to do under what is wrong, and counts at its end', () => {
    expect(render(lines, summaryOf(lines), false)).toEqual([
      'Configuration',
      '  ok       policy                 access.yaml is valid.',
      '',
      'Slack',
      '  warning  scopes                 Too many [31m.',
      '           → Take some away.',
      '',
      'Accounts',
      '  FAILURE  production x boundary  It is gone.',
      '           → Put it back.',
      '  ok       production x           trust, tags',
      '',
      '3 ok, 1 warning, 1 failure',
    ]);
  });

  it('has colours only where they are seen', () => {
    const [, first] = render(lines, summaryOf(lines), true);
    expect(first).toBe('  \u001b[32mok     \u001b[0m  policy                 access.yaml is valid.');
  });
});
