import { describe, expect, it } from 'vitest';
import { clip } from '#core/clip.ts';
import type { AccessRequest, GrantedRequest, LiveRequest } from '#core/request/request.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { alertCard } from '#slack/render/alert-card.ts';
import { extensionCard } from '#slack/render/extension-card.ts';
import { requestCard } from '#slack/render/request-card.ts';
import { askedNote, closedNote, interruptedNote, liveNote } from '#slack/render/requester-note.ts';
import { escaped, inert, visible, when } from '#slack/render/text.ts';
import { policy } from '#test/slack/world.ts';
import { active, denied, ended, ending, lapsed, openAlert, pending } from './states.ts';

const wordsOf = (message: SlackMessage | undefined): string => JSON.stringify(message?.blocks);
const buttonsOf = (message: SlackMessage | undefined): string[] =>
  (message?.blocks ?? []).flatMap((block) =>
    block.type === 'actions'
      ? block.elements.flatMap((element) =>
          element.type === 'button' ? [`${element.text.text}=${element.value}`] : [],
        )
      : [],
  );
const id = '01JDAAAAAAAAAAAAAAAAAAAAAA';

describe('the card', () => {
  it('of a waiting request says who asks for what, where, how long, why, and who can answer', () => {
    const card = requestCard(policy, pending);
    const words = wordsOf(card);
    for (const part of [
      '⏳ Waiting for approval',
      '<@U0ALICE> asks for `orders-admin` in production (222222222222) for 20 s',
      'Why: fixing INC-42',
      'Ticket: INC-42',
      '0 of 1 approved',
      '<@U0BOB> or <@U0CAROL> can answer',
      '<!date^1795341600^{date_short_pretty} {time_secs}|2026-11-22 10:00:00 UTC>',
    ]) {
      expect(words).toContain(part);
    }
    expect(card.text).toBe('⏳ Waiting for approval: Alice asks for orders-admin for 20 s. Reason: fixing INC-42');
    expect(buttonsOf(card)).toEqual([`Approve=${id}`, `Deny…=${id}`]);
  });

  it('counts the votes and names who is left', () => {
    const two: AccessRequest = {
      ...pending,
      decision: {
        policyDigest: 'd',
        trace: [],
        verdict: 'needs-approval',
        count: 2,
        approvers: ['bob', 'carol'],
        groups: ['leads'],
      },
      votes: [{ personId: 'bob', verdict: 'approve', at: '2026-11-22T10:01:00.000Z' }],
    };
    expect(wordsOf(requestCard(policy, two))).toContain('1 of 2 approved (<@U0BOB>) · <@U0CAROL> can answer');
  });

  it.each<[string, AccessRequest, string[], string[]]>([
    ['active', active, ['🟢 Active', 'Ends <!date^1795341680^'], [`I'm done=${id}`, `Extend…=${id}`, `Revoke=${id}`]],
    ['ending', ending, ['🔄 Ending', 'Revoked by <@U0CAROL>'], []],
    ['ended', ended, ['🔒 Ended', 'The time was up', '1 session revoked', 'verified <!date^1795341681^'], []],
    ['denied', denied, ['⛔ Denied', 'Denied by <@U0BOB>', 'Reason given: use orders-read'], []],
    ['lapsed', lapsed, ['⌛ Lapsed', 'Nobody answered in time'], []],
  ])('of a request that is %s says so, with the buttons that are left', (_, request, parts, buttons) => {
    const card = requestCard(policy, request);
    for (const part of parts) expect(wordsOf(card)).toContain(part);
    expect(buttonsOf(card)).toEqual(buttons);
  });

  it('says since when revoking fails, that it goes on, and what a person can do', () => {
    if (ending.status !== 'ending') throw new Error('not ending');
    const failing: AccessRequest = {
      ...ending,
      failure: { since: '2026-11-22T10:01:11.000Z', attempts: 6, error: 'RoleUnavailable' },
    };
    const words = wordsOf(requestCard(policy, failing));
    for (const part of [
      '🚨 Revocation failed, still trying',
      '<!date^1795341671^',
      '6 tries',
      'by hand',
      'RoleUnavailable',
    ]) {
      expect(words).toContain(part);
    }
  });

  it('says that nothing was handed out where that is so', () => {
    if (ended.status !== 'ended') throw new Error('not ended');
    expect(wordsOf(requestCard(policy, { ...ended, how: 'no-session' }))).toContain(
      'no credentials were ever handed out',
    );
  });

  it('says of each role what became of the sessions that went on to it, or may have', () => {
    if (ended.status !== 'ended') throw new Error('not ended');
    const on = (name: string) => `arn:aws:iam::222222222222:role/daypass-jit-${name}`;
    const words = wordsOf(
      requestCard(policy, {
        ...ended,
        chained: [
          { roleArn: on('a'), how: 'denied' },
          { roleArn: on('b'), how: 'expired' },
          { roleArn: on('c'), how: 'role-gone' },
          { roleArn: on('d'), how: 'denied', unseen: true },
          { roleArn: on('e'), how: 'role-gone', unseen: true },
        ],
      }),
    );
    expect(words).toMatch(/went on to `daypass-jit-a`[^;]*, and that is denied as well/);
    expect(words).toMatch(/went on to `daypass-jit-b`[^;]*, where its credentials have expired by themselves/);
    expect(words).toMatch(/went on to `daypass-jit-c`[^;]*, which is not there any more/);
    expect(words).toMatch(/may have gone on to `daypass-jit-d`[^;]*, so it is denied there as well/);
    expect(words).not.toContain('daypass-jit-e');
  });

  it('asks before it revokes, in words and in red', () => {
    const revoke = requestCard(policy, active).blocks.flatMap((block) =>
      block.type === 'actions' ? block.elements : [],
    )[2];
    expect(revoke).toMatchObject({
      style: 'danger',
      confirm: { title: { text: 'Revoke this access?' } },
      accessibility_label: expect.any(String),
    });
  });
});

describe('more time', () => {
  const extensionId = '01JDBBBBBBBBBBBBBBBBBBBBBB';
  const extension = {
    id: extensionId,
    durationSec: 20 + 1800,
    reason: 'INC-42 takes longer',
    askedAt: '2026-11-22T10:01:10.000Z',
    decision: pending.decision,
    votes: [],
    status: 'waiting',
  } as const;
  if (active.status !== 'active') throw new Error('It is not active.');
  const waiting: LiveRequest = { ...active, extensions: [extension] };
  const lost: GrantedRequest = {
    ...waiting,
    status: 'ending',
    end: { reason: 'expired', at: '2026-11-22T10:01:20.000Z' },
  };

  it('is asked for with buttons that name both, and say aloud what they do', () => {
    const asked = extensionCard(policy, waiting, extension);
    expect(buttonsOf(asked)).toEqual([`Approve=${id}.${extensionId}`, `Deny…=${id}.${extensionId}`]);
    const row = asked.blocks.find(({ type }) => type === 'actions');
    expect(row).toMatchObject({
      elements: [
        { accessibility_label: 'Approve 30 min more of orders-admin' },
        { accessibility_label: 'Deny 30 min more of orders-admin, with a reason' },
      ],
    });
    expect(asked.text).toBe(
      '⏳ More time is asked for: Alice asks for 30 min more of orders-admin. Reason: INC-42 takes longer',
    );
    // 20 s and 30 min after 10:01:00.
    expect(wordsOf(asked)).toContain('until <!date^1795343480^');
  });

  it('lapses with the grant, and says how far it was', () => {
    const voted = { ...extension, votes: [{ personId: 'bob', verdict: 'approve' as const, at: extension.askedAt }] };
    expect(wordsOf(extensionCard(policy, lost, extension))).toContain('The grant ended before anybody answered.');
    expect(wordsOf(extensionCard(policy, lost, voted))).toContain('before enough people had approved.');
    expect(buttonsOf(extensionCard(policy, lost, extension))).toEqual([]);
    expect(wordsOf(requestCard(policy, lost))).not.toContain('30 min more');
  });

  it('is asked for once at a time: the button is back when it is answered', () => {
    expect(buttonsOf(requestCard(policy, waiting))).toEqual([`I'm done=${id}`, `Revoke=${id}`]);
    const denied = {
      ...extension,
      status: 'denied',
      answeredAt: extension.askedAt,
      deniedBy: 'bob',
      deniedReason: 'no',
    };
    const after = { ...active, extensions: [denied] } as LiveRequest;
    expect(buttonsOf(requestCard(policy, after))).toEqual([`I'm done=${id}`, `Extend…=${id}`, `Revoke=${id}`]);
  });

  it('that was granted more than three times is summed up but for the last three', () => {
    const extensions = [1, 2, 3, 4, 5].map((count) => ({
      ...extension,
      id: `${extensionId.slice(0, 25)}${count}`,
      durationSec: 20 + count * 60,
      status: 'granted' as const,
      answeredAt: extension.askedAt,
    }));
    expect(wordsOf(requestCard(policy, { ...active, extensions }))).toContain(
      'extended 2 times · extended by 1 min · extended by 1 min · extended by 1 min"',
    );
  });
});

describe('the direct messages', () => {
  it('offer Cancel while the request waits, and not after', () => {
    expect(buttonsOf(askedNote(policy, pending))).toEqual([`Cancel request=${id}`]);
    expect(buttonsOf(askedNote(policy, denied))).toEqual([]);
  });

  it('say what to type once the grant is live', () => {
    const words = wordsOf(liveNote(policy, active, 'https://daypass.example.com'));
    expect(words).toContain('daypass exec --entitlement orders-admin -- aws sts get-caller-identity');
    expect(words).toContain('daypass credential-process --entitlement orders-admin --for-config');
    expect(words).toContain('daypass login --api https://daypass.example.com');
    expect(words).toContain('/access login CODE');
    expect(buttonsOf(liveNote(policy, active, 'https://daypass.example.com'))).toEqual([
      `I'm done=${id}`,
      `Extend…=${id}`,
    ]);
    expect(buttonsOf(liveNote(policy, ended, 'https://daypass.example.com'))).toEqual([]);
  });

  it('say that a grant goes on whose credentials ended with the role’s, and nothing once it is over', () => {
    if (active.status !== 'active') throw new Error('It is not active.');
    const interrupted = { ...active, interrupted: { issuedBefore: '2026-11-22T10:05:30.000Z' } };
    expect(wordsOf(interruptedNote(policy, interrupted))).toContain('your grant goes on');
    expect(wordsOf(interruptedNote(policy, interrupted))).toContain('together with those of others');
    const theirs = { ...active, interrupted: { ...interrupted.interrupted, onlyTheirs: true as const } };
    expect(wordsOf(interruptedNote(policy, theirs))).toContain('More of your sessions were revoked');
    expect(wordsOf(interruptedNote(policy, theirs))).not.toContain('others');
    expect(interruptedNote(policy, active)).toBeUndefined();
    expect(interruptedNote(policy, ended)).toBeUndefined();
  });

  it('say how it ended, and nothing while it has not', () => {
    expect(wordsOf(closedNote(policy, denied))).toContain('use orders-read');
    expect(wordsOf(closedNote(policy, lapsed))).toContain('Nobody answered');
    expect(wordsOf(closedNote(policy, ended))).toContain('1 session revoked');
    expect([pending, active, ending].map((request) => closedNote(policy, request))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('an alert', () => {
  it('says how bad it is, what, where and when, with its buttons', () => {
    const card = alertCard(policy, openAlert);
    for (const part of [
      '🔴 Critical alert',
      'no grant explains it',
      'production (222222222222)',
      'AROAEXAMPLE:behind-our-back',
    ]) {
      expect(wordsOf(card)).toContain(part);
    }
    expect(buttonsOf(card)).toEqual(['Revoke=alert-1', 'Expected=alert-1', 'Details=alert-1']);
  });

  it('about a changed trust policy says that Revoke ends what carries no grant, and what is left to do', () => {
    const card = alertCard(policy, { ...openAlert, detection: 'trust-changed', sessions: [] });
    expect(buttonsOf(card)).toEqual(['Revoke=alert-1', 'Expected=alert-1', 'Details=alert-1']);
    expect(wordsOf(card)).toContain('denies every session of the role that carries no grant');
    expect(wordsOf(card)).toContain('put right in the account');
  });

  it.each([
    ['boundary-changed', 'put it back on the role in the account'],
    ['revoker-taken', 'revoke the role’s sessions in the account’s IAM console'],
    ['revoker-changed', 'put its policy back in the account'],
    ['unparsed-event', 'look it up in CloudTrail'],
  ])('%s has no Revoke and says what people must do', (detection, what) => {
    const sessions = detection === 'revoker-taken' ? openAlert.sessions : [];
    const card = alertCard(policy, { ...openAlert, detection, sessions });
    expect(buttonsOf(card)).toEqual(['Expected=alert-1', 'Details=alert-1']);
    expect(wordsOf(card)).toContain(what);
  });

  it('that was answered says by whom and what came of it', () => {
    const answer = { action: 'revoke' as const, at: '2026-11-22T10:00:05.000Z', by: 'bob' };
    const card = alertCard(policy, {
      ...openAlert,
      status: 'closed',
      answer,
      closedAt: '2026-11-22T10:00:07.000Z',
      result: 'One session was denied.',
    });
    for (const part of ['<@U0BOB> chose Revoke', 'One session was denied.']) expect(wordsOf(card)).toContain(part);
    expect(buttonsOf(card)).toEqual(['Details=alert-1']);
  });
});

describe('texts', () => {
  it('are escaped in exactly three characters, and clipped between code points', () => {
    expect(escaped('<!channel> & "quotes"')).toBe('&lt;!channel&gt; &amp; "quotes"');
    expect(clip('a🔥🔥🔥', 3)).toBe('a🔥…');
    expect(clip('a🔥', 2)).toBe('a🔥');
  });

  it('lose what only deceives the eye', () => {
    expect(visible('ap\u202eevorp\u202c\u200b\ttab\r\nline')).toBe('apevorp tab\nline');
    expect(inert('*a* `b`\n<c>')).toBe('a b &lt;c&gt;');
  });

  it('show an instant in the reader’s zone, with UTC for clients that cannot', () => {
    expect(when('2026-11-22T10:00:00.000Z')).toBe(
      '<!date^1795341600^{date_short_pretty} {time_secs}|2026-11-22 10:00:00 UTC>',
    );
  });
});
