import { expect, it } from 'vitest';
import { mintIdIn, sessionNameOf } from '#core/grant/session-name.ts';
import { isUlid } from '#core/ulid.ts';

const id = '01KB0000000000000000000001';

it('a ULID is 26 letters and digits of Crockford’s, the first at most 7, and nothing beside', () => {
  expect(isUlid(id)).toBe(true);
  const others = [
    `${id}1`,
    id.slice(1),
    id.toLowerCase(),
    `8${id.slice(1)}`,
    `${id.slice(1)}I`,
    `${id}\n`,
    ` ${id}`,
    '',
  ];
  expect(others.filter(isUlid)).toEqual([]);
});

it('the mint of a session is read from its name and from its aws:userid', () => {
  const name = sessionNameOf('alice', id);
  expect(name).toBe('alice-01KB0000000000000000000001');
  expect(mintIdIn(name)).toBe(id);
  expect(mintIdIn(`AROAEXAMPLEROLE00001:${name}`)).toBe(id);
  expect(mintIdIn('alice')).toBeUndefined();
  expect(mintIdIn(`${name}x`)).toBeUndefined();
  expect(mintIdIn(`alice${id}`)).toBeUndefined();
});
