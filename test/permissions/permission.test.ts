import { describe, expect, it } from 'vitest';
import { functions } from '#functions/registry.ts';
import { permissionsOf, samePermission, without, withPermission } from './permission.ts';

const bare = { description: '', trigger: { kind: 'task' as const }, environment: [], timeoutSec: 3, memoryMb: 128 };
const config = {
  ...bare,
  name: 'sweep',
  statements: [
    { actions: ['a:One', 'a:Two'], resources: ['x', 'y'] },
    { actions: ['b:One'], resources: ['z'], leadingKeys: ['K', 'L'] },
  ],
};

describe('permissions', () => {
  it('are every action on every resource for every key', () => {
    expect(permissionsOf(config)).toEqual([
      { functionName: 'sweep', action: 'a:One', resource: 'x' },
      { functionName: 'sweep', action: 'a:One', resource: 'y' },
      { functionName: 'sweep', action: 'a:Two', resource: 'x' },
      { functionName: 'sweep', action: 'a:Two', resource: 'y' },
      { functionName: 'sweep', action: 'b:One', resource: 'z', leadingKey: 'K' },
      { functionName: 'sweep', action: 'b:One', resource: 'z', leadingKey: 'L' },
    ]);
  });

  it('can be taken away one at a time, and then that one is gone and no other', () => {
    for (const each of functions) {
      const all = permissionsOf(each);
      for (const taken of all) {
        const left = permissionsOf({ ...each, statements: without(each, taken) });
        expect(left.some((one) => samePermission(one, taken))).toBe(false);
        expect(left).toEqual(all.filter((one) => !samePermission(one, taken)));
      }
    }
  });

  it('can be added', () => {
    const added = { functionName: 'sweep', action: 'c:One', resource: 'w' };
    expect(permissionsOf({ ...config, statements: withPermission(config, added) })).toContainEqual(added);
  });

  it('stand once in each configuration', () => {
    for (const each of functions) {
      const all = permissionsOf(each).map((one) => JSON.stringify(one));
      expect(new Set(all).size).toBe(all.length);
    }
  });
});
