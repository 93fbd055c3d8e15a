import { GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Credentials, until } from './actors.ts';
import {
  arnIn,
  first,
  goOn,
  openChainWorld,
  partner,
  production,
  second,
  tables,
  third,
  works,
} from './chain-world.ts';
import { ended, grant, mint } from './people.ts';

let world: Awaited<ReturnType<typeof openChainWorld>>;
beforeEach(async () => {
  world = await openChainWorld();
});
afterEach(() => world.closeAll());

const inSecond = arnIn(production, second);
const inThird = arnIn(partner, third);

type Chain = { one: Credentials; two: Credentials; three: Credentials };

const chain = async (token: string, id: string): Promise<Chain> => {
  const one = await mint(world, token, id);
  const two = await goOn(world, one, inSecond);
  return { one, two, three: await goOn(world, two, inThird) };
};

const living = async ({ one, two, three }: Chain): Promise<boolean[]> => [
  await works(world, one, tables[first]),
  await works(world, two, tables[second]),
  await works(world, three, tables[third]),
];

const denied = async (profile: string, RoleName: string): Promise<string> => {
  const { iam } = world.profile(profile);
  const { PolicyDocument } = await iam.send(
    new GetRolePolicyCommand({ RoleName, PolicyName: 'AWSRevokeOlderSessions' }),
  );
  return decodeURIComponent(PolicyDocument ?? '');
};

describe('case 60: a session that went on to further roles', () => {
  it('is dead two roles deep, one of them in another account, once the grant is revoked; others live on', async () => {
    const alices = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const carols = await grant(world, 'U0CAROL', 'orders-admin 1h watching INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const mine = await chain(alice, alices.id);
    const theirs = await chain(await world.login('U0CAROL'), carols.id);
    expect(await living(mine)).toEqual([true, true, true]);
    await world.stack.idle();
    expect(world.cards('C0SECURITY')).toEqual([]);

    await world.click('U0BOB', alices.card, 'Revoke');
    await ended(world, alice, alices.id);
    expect(await living(mine)).toEqual([false, false, false]);
    expect(await living(theirs)).toEqual([true, true, true]);
    for (const text of [await denied('production-admin', second), await denied('partner-admin', third)]) {
      expect(text).toContain(alices.id);
      expect(text).not.toContain(carols.id);
    }
    await until('the card to say so', () => JSON.stringify(alices.card.blocks).includes(third));
    await world.stack.idle();
    expect(world.faults).toEqual([]);
  });
});
