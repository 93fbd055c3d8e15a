import type { Asked, Credentials, Office } from './people.ts';
import { until } from './wait.ts';

export const denied = 'AccessDeniedException';

export type Live = Asked & { credentials: Credentials; read: () => Promise<string> };

/** Alice asks, Bob approves, the grant is live, and credentials were minted that really work. */
export const liveGrant = async (office: Office, token: string, duration: string): Promise<Live> => {
  const { id, card } = await office.ask('U0ALICE', `orders-admin ${duration}`);
  await office.click('U0BOB', card, 'Approve');
  await office.stack.heard('grant.activated', id);
  const credentials = await office.mint(token, id);
  const read = office.reader(credentials);
  const got = await read();
  if (got !== '12345') throw new Error(`The minted credentials of ${id} got ${got} instead of the order.`);
  return { id, card, credentials, read };
};

/** Resolves when the credentials are refused, with the time of this program's monotonic clock. */
export const untilDenied = async ({ id, read }: Live): Promise<number> => {
  await until(`the credentials of ${id} to be refused`, async () => (await read()) === denied, 0);
  return performance.now();
};

/** The card has the button once Slack was told that the grant is live. */
export const untilButton = ({ card }: Live): Promise<boolean> =>
  until('the button', () => card.text.includes('Active'));

export const clickDone = (office: Office, { card }: Live): Promise<void> => office.click('U0ALICE', card, 'I');

/** The whole life of a grant that is ended by its holder. */
export const wholeLoop = async (office: Office, token: string): Promise<void> => {
  const grant = await liveGrant(office, token, '30m');
  await untilButton(grant);
  await clickDone(office, grant);
  await untilDenied(grant);
};
