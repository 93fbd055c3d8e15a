import fc from 'fast-check';
import { lift, lockDown } from '../acts.ts';
import { catchUp, flow, toEnd } from '../flow.ts';
import { alertsOfHands, revokeForAlert, takeByHand } from '../hand-acts.ts';
import { chainRoles } from '../policy.ts';
import { advance, index, pace, pick, plan, verb } from './verb.ts';

export const takesByHand = verb({
  name: 'take a role by hand',
  often: 2,
  args: fc.record({ ends: fc.constantFrom('no', 'by its alert', 'with its role'), lifts: fc.boolean() }),
  run: async (world, { ends, lifts }) => {
    await takeByHand(world);
    if (ends === 'by its alert') {
      await catchUp(world);
      for (const alertId of alertsOfHands(world)) await toEnd(world, revokeForAlert(world, alertId));
    }
    if (ends === 'with its role') {
      const [, , , , accountId = '', role = ''] = chainRoles.first.split(':');
      const scope = { kind: 'role', accountId, roleName: role.slice('role/'.length) } as const;
      const { lockdownId, actor } = lockDown(world, { scope, personId: 'bob' });
      await toEnd(world, actor);
      await flow(world);
      if (lifts) await toEnd(world, lift(world, { lockdownId, personId: 'bob' }));
    }
  },
});

/** Whether or not it was done before: it is the same task. */
export const revokesForAlert = verb({
  name: 'revoke for an alert',
  often: 1,
  args: fc.record({ which: index, plan, pace }),
  run: async (world, { which, ...how }) => {
    const alertId = pick(alertsOfHands(world), which);
    if (alertId) await advance(world, revokeForAlert(world, alertId, how.plan), how.pace);
  },
});
