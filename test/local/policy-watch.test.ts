import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policyFile } from '#adapters/policy-file.ts';
import { type TurnableClock, turnableClock } from '#local/clock.ts';
import { watchPolicy } from '#local/policy-watch.ts';
import type { Chat } from '#ports/chat.ts';
import type { Log } from '#ports/log.ts';
import type { PolicySource } from '#ports/policy-source.ts';
import { tellOfPolicy } from '#slack/deliver/policy-notices.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { changed, samplePolicy, sampleText } from '#test/kit/policy.ts';
import { until } from '#test/kit/until.ts';

const hourMs = 3_600_000;
const startMs = Date.parse('2026-12-01T10:00:00.000Z');

describe('a watched policy', () => {
  let clock: TurnableClock;
  let console: string[];
  let told: { channel: string; text: string; all: string }[];
  let slackIsDown: boolean;
  let watching: ReturnType<typeof watchPolicy>;
  const log: Log = {
    info: () => undefined,
    warn: () => undefined,
    error: (message, facts) => void console.push(`${message} ${JSON.stringify(facts)}`),
  };
  const slack: Pick<Chat<SlackMessage>, 'post'> = {
    post: async (channel, { text, blocks }) => {
      if (slackIsDown) throw new Error('Slack is down');
      told.push({ channel, text, all: JSON.stringify(blocks) });
      return { channel, ts: String(told.length) };
    },
  };
  const watch = (path: string, source: PolicySource) => {
    watching = watchPolicy({
      path,
      source,
      clock,
      log,
      tell: (inForce, notice) => tellOfPolicy(inForce, notice, { slack, log }),
    });
  };

  beforeEach(() => {
    clock = turnableClock(startMs);
    [console, told, slackIsDown] = [[], [], false];
  });
  afterEach(() => watching.stop());

  const problems = ['line 26: people: There is no setting persons here.'];

  describe('that cannot be read', () => {
    let broken: string | undefined;
    beforeEach(() => {
      const policy = samplePolicy();
      broken = undefined;
      watch('/nowhere/access.yaml', {
        current: async () => policy,
        trouble: () =>
          broken === undefined ? undefined : { since: broken, problems, inForceSince: '2026-11-01T08:00:00.000Z' },
      });
    });
    const breakNow = () => {
      broken = new Date(clock.nowMs()).toISOString();
    };

    it('is told in the alerts channel of the policy in force: what is wrong, what holds, what to do', async () => {
      breakNow();
      await clock.turn(60_000);
      expect(told).toMatchObject([
        {
          channel: 'C0SECURITY',
          text: '🚨 The access policy was changed and cannot be read: the change is not in force.',
        },
      ]);
      const all = told[0]?.all ?? '';
      expect(all).toContain(
        `Still in force: the policy \`${samplePolicy().digest.slice(0, 12)}\` of <!date^1793520000^`,
      );
      expect(all).toContain('Whoever was removed from the file since may still ask, approve and use access.');
      expect(all).toContain(problems[0]);
      expect(all).toContain('daypass policy validate');
      expect(all).toContain('/access lockdown person NAME');
    });

    it('is told once a day while it lasts, in Slack and on the console, and once when it can be read again', async () => {
      breakNow();
      await clock.turn(25 * hourMs);
      expect(told.map(({ text }) => text)).toEqual([
        '🚨 The access policy was changed and cannot be read: the change is not in force.',
        '🚨 The access policy still cannot be read: what was changed in it is not in force.',
      ]);
      await clock.turn(24 * hourMs);
      expect(told).toHaveLength(3);
      expect(console).toHaveLength(2);
      expect(console[0]).toContain(`still cannot be read`);
      expect(console[0]).toContain(problems[0]);
      broken = undefined;
      await clock.turn(48 * hourMs);
      expect(told.slice(3).map(({ text }) => text)).toEqual([
        `✅ The access policy can be read again: ${samplePolicy().digest.slice(0, 12)} is in force.`,
      ]);
    });

    it('is told at the next look where Slack did not take it', async () => {
      slackIsDown = true;
      breakNow();
      await clock.turn(180_000);
      expect(told).toEqual([]);
      expect(console[0]).toContain('could not be told');
      expect(console.length).toBeLessThanOrEqual(3);
      slackIsDown = false;
      await clock.turn(60_000);
      expect(told).toHaveLength(1);
    });
  });

  describe('in a file', () => {
    let folder: string;
    let path: string;
    let source: PolicySource;
    let read: string[];
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'daypass-watch-'));
      path = join(folder, 'access.yaml');
      writeFileSync(path, sampleText);
      read = [];
      source = policyFile(path, log, { clock, onRead: ({ digest }) => void read.push(digest) });
      await source.current();
      watch(path, source);
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it('is read as soon as it changes, though nobody asks for anything and the clock stands still', async () => {
      writeFileSync(path, changed(['leads: [bob, carol]', 'leads: [carol]']));
      await until('the change to be read', () => read.length === 2);
      writeFileSync(join(folder, 'new'), changed(['leads: [bob, carol]', 'leads: [bob]']));
      renameSync(join(folder, 'new'), path);
      await until('the file in its place to be read', () => read.length === 3);
      writeFileSync(path, changed(['people:', 'persons:']));
      await until('the slip to be on the console', () => console.some((line) => line.includes('persons')));
      expect(read).toHaveLength(3);
    });

    it('is told within seconds of the slip, and not at all where an editor emptied it for a moment', async () => {
      writeFileSync(path, '');
      await until('the emptiness to be seen', () => source.trouble?.() !== undefined);
      writeFileSync(path, sampleText);
      await until('the whole file to be read', () => source.trouble?.() === undefined);
      await clock.turn(hourMs);
      expect(told).toEqual([]);
      writeFileSync(path, changed(['people:', 'persons:']));
      await until('the slip to be seen', () => source.trouble?.() !== undefined);
      await clock.turn(4_000);
      expect(told).toHaveLength(1);
    });
  });
});
