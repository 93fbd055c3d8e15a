import { mkdtempSync, renameSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policyFile } from '#adapters/policy-file.ts';
import type { Log } from '#ports/log.ts';
import { changed, sampleText } from '#test/kit/policy.ts';

describe('policyFile', () => {
  let folder: string;
  let path: string;
  let errors: unknown[];
  let warnings: unknown[];
  let log: Log;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'daypass-policy-'));
    path = join(folder, 'access.yaml');
    errors = [];
    warnings = [];
    log = { info: () => {}, warn: (_, facts) => warnings.push(facts), error: (_, facts) => errors.push(facts) };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Each writing has a time of its own, whatever the file system’s grain. */
  let writtenSec = 1_000_000;
  const write = (text: string) => {
    writeFileSync(path, text);
    writtenSec += 1;
    utimesSync(path, writtenSec, writtenSec);
  };
  const maxOf = async (source: ReturnType<typeof policyFile>) =>
    (await source.current()).entitlements[1]?.maxDurationSec;

  it('does not touch the file until it is asked', () => {
    expect(() => policyFile(join(folder, 'nowhere'), log)).not.toThrow();
  });

  it('reads once, and again when the file has changed', async () => {
    write(sampleText);
    const source = policyFile(path, log);
    const first = await source.current();
    expect(await source.current()).toBe(first);
    write(changed(['max: 4h', 'max: 3h']));
    expect(await maxOf(source)).toBe(10_800);
  });

  it('sees a change of the same length, and a file put in its place', async () => {
    write(sampleText);
    const source = policyFile(path, log);
    expect(await maxOf(source)).toBe(14_400);
    write(changed(['max: 4h', 'max: 2h']));
    expect(await maxOf(source)).toBe(7_200);
    const other = join(folder, 'new.yaml');
    writeFileSync(other, changed(['max: 4h', 'max: 1h']));
    utimesSync(other, writtenSec, writtenSec);
    renameSync(other, path);
    expect(await maxOf(source)).toBe(3_600);
  });

  it('keeps the last good policy while the file cannot be read, and says so once for each change', async () => {
    write(sampleText);
    const source = policyFile(path, log);
    const good = await source.current();
    write(changed(['max: 4h', 'max: never']));
    expect(await source.current()).toBe(good);
    expect(await source.current()).toBe(good);
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).toContain('entitlements.orders-admin.duration.max: This is not a duration.');
    write('');
    expect(await source.current()).toBe(good);
    unlinkSync(path);
    expect(await source.current()).toBe(good);
    expect(await source.current()).toBe(good);
    expect(errors).toHaveLength(3);
    write(changed(['max: 4h', 'max: 3h']));
    expect(await maxOf(source)).toBe(10_800);
    expect(errors).toHaveLength(3);
  });

  it('says what is in force, and since when, while the file cannot be read', async () => {
    let nowMs = Date.parse('2026-12-01T10:00:00.000Z');
    write(sampleText);
    const source = policyFile(path, log, { clock: { nowMs: () => nowMs } });
    await source.current();
    expect(source.trouble?.()).toBeUndefined();
    nowMs += 60_000;
    write(changed(['max: 4h', 'max: never']));
    await source.current();
    nowMs += 60_000;
    write(changed(['max: 4h', 'max: always']));
    await source.current();
    expect(source.trouble?.()).toEqual({
      since: '2026-12-01T10:01:00.000Z',
      problems: [expect.stringContaining('entitlements.orders-admin.duration.max: This is not a duration.')],
      inForceSince: '2026-12-01T10:00:00.000Z',
    });
    write(changed(['max: 4h', 'max: 3h']));
    await source.current();
    expect(source.trouble?.()).toBeUndefined();
  });

  it('sees a change whose size and time of writing were put back', async () => {
    write(sampleText);
    const source = policyFile(path, log);
    expect(await maxOf(source)).toBe(14_400);
    writeFileSync(path, changed(['max: 4h', 'max: 2h']));
    utimesSync(path, writtenSec, writtenSec);
    expect(await maxOf(source)).toBe(7_200);
  });

  it('tells who listens of every policy that it read, before anybody is answered by it', async () => {
    write(sampleText);
    const read: string[] = [];
    const source = policyFile(path, log, { onRead: ({ digest }) => void read.push(digest) });
    const { digest } = await source.current();
    expect(read).toEqual([digest]);
    write(changed(['max: 4h', 'max: never']));
    await source.current();
    expect(read).toEqual([digest]);
  });

  it('throws with every problem until there was a good policy', async () => {
    write(changed(['max: 4h', 'max: never'], ['account: production', 'account: staging'], ['team:', 'tema:']));
    const source = policyFile(path, log);
    await expect(source.current()).rejects.toMatchObject({
      name: 'PolicyUnreadable',
      remedy: 'call-an-operator',
      message: expect.stringMatching(
        /line \d+: slack\.tema: .*\nline \d+: entitlements\.orders-admin\.duration\.max: /,
      ),
    });
    await expect(source.current()).rejects.toMatchObject({ name: 'PolicyUnreadable' });
    write(sampleText);
    expect(await maxOf(source)).toBe(14_400);
  });

  it('throws where there is no file, and names it', async () => {
    await expect(policyFile(path, log).current()).rejects.toMatchObject({
      name: 'PolicyUnreadable',
      message: expect.stringContaining('access.yaml cannot be used:\nThe file could not be opened (ENOENT).'),
    });
  });

  it('gives all who ask at once the same policy', async () => {
    write(sampleText);
    const source = policyFile(path, log);
    const policies = await Promise.all([source.current(), source.current(), source.current()]);
    expect(new Set(policies).size).toBe(1);
  });

  it('passes warnings on, once', async () => {
    write(changed(['  leads: [bob', '  interns: [dave]\n  leads: [bob']));
    const source = policyFile(path, log);
    await source.current();
    await source.current();
    expect(warnings).toHaveLength(1);
    expect(JSON.stringify(warnings)).toContain('No rule names the group interns.');
  });
});
