import { describe, expect, it } from 'vitest';
import { detections } from '#core/detection/registry.ts';
import { run } from './cli.ts';

const env = { DAYPASS_HOME: '/nonexistent/daypass' };

describe('daypass runbook', () => {
  it('says of an alert what it means, how urgent it is, what to check, how to mend it and how to see that', async () => {
    const { code, stdout, stderr } = await run(['runbook', 'boundary-changed'], { env });
    expect([code, stderr]).toEqual([0, '']);
    const labels = stdout.split('\n').filter((line) => /^[A-Z][a-z ]+$/.test(line));
    expect(labels).toEqual(['Means', 'Urgent', 'Check', 'Mend', 'Mended when']);
    expect(stdout).toMatch(/^boundary-changed \(critical\)\n\nMeans\nThe permissions boundary of a managed role/);
    expect(stdout).toMatch(/^ {4}aws iam put-role-permissions-boundary --profile production /m);
    expect(stdout).not.toContain('\n\n\n');
  });

  it('names every kind of alert where none is asked for', async () => {
    const { code, stdout } = await run(['runbook'], { env });
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([...detections.map(({ id }) => id), '']);
  });

  it('suggests what was meant by a name that there is not, and gives programs the same', async () => {
    expect(await run(['runbook', 'trust-changd'], { env })).toMatchObject({
      code: 5,
      stdout: '',
      stderr: 'daypass: There is no alert trust-changd.\nDid you mean trust-changed?\n',
    });
    const { stdout } = await run(['runbook', 'trust-changed', '--json'], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      data: { id: 'trust-changed', severities: ['critical', 'high'], urgent: expect.stringContaining('At once') },
    });
  });
});
