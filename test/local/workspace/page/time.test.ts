import { describe, expect, it } from 'vitest';
import { dayTitle, relative, slackDate, tsDate } from '../../../../web/workspace/time.ts';

const now = new Date('2026-11-22T10:00:00Z');
const unix = (iso: string): number => Date.parse(iso) / 1000;
const berlin = { locale: 'en-GB', zone: 'Europe/Berlin' };
const tokyo = { locale: 'en-GB', zone: 'Asia/Tokyo' };

describe('<!date> is written for the reader', () => {
  it.each([
    ['{date_num} {time}', '2026-11-22T10:30:00Z', '2026-11-22 11:30'],
    ['{date_short_pretty} at {time}', '2026-11-22T10:30:00Z', 'today at 11:30'],
    ['{date_pretty}', '2026-11-23T10:30:00Z', 'tomorrow'],
    ['{date_long_pretty}', '2026-11-21T10:30:00Z', 'yesterday'],
    ['{date}', '2026-11-29T10:30:00Z', '29 November'],
    ['{date_short}', '2025-11-29T10:30:00Z', '29 Nov 2025'],
    ['{time_secs}', '2026-11-22T10:30:05Z', '11:30:05'],
    ['{ago}', '2026-11-22T09:57:00Z', '3 minutes ago'],
    ['until {what} it is {time}', '2026-11-22T10:30:00Z', 'until {what} it is 11:30'],
  ])('%s of %s', (template, iso, shown) => {
    expect(slackDate(unix(iso), template, now, berlin)).toBe(shown);
  });

  it('the day is the reader’s own', () => {
    const late = unix('2026-11-22T16:00:00Z');
    expect(slackDate(late, '{date_pretty} {time}', now, berlin)).toBe('today 17:00');
    expect(slackDate(late, '{date_pretty} {time}', now, tokyo)).toBe('tomorrow 01:00');
  });
});

it('days between messages have the names that people use', () => {
  expect(dayTitle(new Date('2026-11-22T01:00:00Z'), now, berlin)).toBe('Today');
  expect(dayTitle(new Date('2026-11-21T01:00:00Z'), now, berlin)).toBe('Yesterday');
  expect(dayTitle(new Date('2026-11-18T01:00:00Z'), now, berlin)).toBe('Wednesday 18 November');
});

it('a ts is an instant', () => {
  expect(tsDate('1732269600.000100').toISOString()).toBe('2024-11-22T10:00:00.000Z');
});

it('what is to come is told as such', () => {
  expect(relative(new Date('2026-11-22T12:00:00Z'), now, 'en-GB')).toBe('in 2 hours');
});
