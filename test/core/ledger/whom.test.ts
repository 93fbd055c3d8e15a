import { expect, test } from 'vitest';
import { denyDocument, whomItDenies } from '#core/ledger/document.ts';
import type { LedgerEntry } from '#core/ledger/ledger.ts';

const revokedAt = '2026-11-22T10:00:00.000Z';
const coversUntil = '2026-11-22T11:00:00.000Z';
const times = { revokedAt, coversUntil };

const denying = (entries: readonly LedgerEntry[], extra: object = {}, existing?: string): string =>
  whomItDenies(denyDocument({ entries, ...extra }, existing));

test('a document says whom it denies: grants, sessions, those without a grant, everybody, whom others name', () => {
  const grant = (grantId: string): LedgerEntry => ({ grantId, ...times });
  expect(denying([grant('01KB0000000000000000000001')])).toBe('1 grant');
  expect(denying([grant('01KB0000000000000000000001'), grant('01KB0000000000000000000002')])).toBe('2 grants');
  expect(denying([{ userId: 'AROAEXAMPLEROLE00001:mallory', ...times }])).toBe('1 session');
  expect(denying([{ ungranted: true, ...times }])).toBe('sessions without a grant');
  expect(denying([], { watermark: times })).toBe('every session of before');
  const theirs = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}';
  expect(denying([grant('01KB0000000000000000000001')], {}, theirs)).toBe('1 grant, whom 1 statement of others names');
});

test('what denies nobody says so', () => {
  expect(whomItDenies(undefined)).toBe('nobody');
  const ours = denyDocument({ entries: [{ grantId: '01KB0000000000000000000001', ...times }] }, undefined);
  expect(whomItDenies(denyDocument({ entries: [] }, ours))).toBe('nobody');
});
