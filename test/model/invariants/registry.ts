import type { World } from '../world.ts';
import { i1, i2, i8 } from './access.ts';
import { c1, c2, c3 } from './chain.ts';
import { d1 } from './console.ts';
import { n1 } from './limits.ts';
import { l1, l2 } from './lockdown.ts';
import { i3, i4, i5, i6, i7, remember } from './requests.ts';
import { i10 } from './secrets-and-events.ts';
import { v1, v2 } from './votes.ts';
import { w1 } from './workflows.ts';

/** Looked at after every port call that changes anything. I9 is looked at when a run ends. */
const invariants = { i3, i4, i5, i6, i7, i8, i10, i2, i1, l1, l2, v1, v2, n1, d1, c1, c2, c3, w1 };

/** The first invariant that does not hold, and what breaks it. */
export const broken = (world: World): string | undefined => {
  for (const [name, holds] of Object.entries(invariants)) {
    const what = holds(world);
    if (what !== undefined) return `${name.toUpperCase()}: ${what}.`;
  }
  remember(world);
  return undefined;
};
