import { until } from '#test/kit/until.ts';
import type { Asked, Credentials, Office } from './people.ts';

const denied = 'AccessDeniedException';

export type Live = Asked & { credentials: Credentials; read: () => Promise<string> };

/** Bob approves, and the grant is live. */
export const approved = async (office: Office, { id, card }: Asked): Promise<void> => {
  await office.click('U0BOB', card, 'Approve');
  await office.stack.heard('grant.activated', id);
};

/** Credentials that really work. */
export const minted = async (office: Office, token: string, { id, card }: Asked): Promise<Live> => {
  const credentials = await office.mint(token, id);
  const read = office.reader(credentials);
  const got = await read();
  if (got !== '12345') throw new Error(`The minted credentials of ${id} got ${got} instead of the order.`);
  return { id, card, credentials, read };
};

export const liveGrant = async (office: Office, token: string, duration: string, userId = 'U0ALICE'): Promise<Live> => {
  const asked = await office.ask(userId, `orders-admin ${duration}`);
  await approved(office, asked);
  return minted(office, token, asked);
};

/** Resolves when the credentials are refused, with the time of this program's monotonic clock. */
export const untilDenied = async ({ id, read }: Live): Promise<number> => {
  await until(`the credentials of ${id} to be refused`, async () => (await read()) === denied, 5);
  return performance.now();
};

/** The card has the button once Slack was told that the grant is live. */
export const untilButton = ({ card }: Live): Promise<boolean> =>
  until('the button', () => card.text.includes('Active'));

export const clickDone = (office: Office, { card }: Live): Promise<void> => office.click('U0ALICE', card, 'I');

/** How long each part of one loop took. */
export type Laps = { askMs: number; approveMs: number; mintMs: number; buttonMs: number; endMs: number };

/** The whole life of a grant that is ended by its holder, timed part by part. */
export const wholeLoop = async (office: Office, token: string): Promise<Laps> => {
  let last = performance.now();
  const lap = (): number => {
    const before = last;
    last = performance.now();
    return last - before;
  };
  const asked = await office.ask('U0ALICE', 'orders-admin 30m');
  const askMs = lap();
  await approved(office, asked);
  const approveMs = lap();
  const grant = await minted(office, token, asked);
  const mintMs = lap();
  await untilButton(grant);
  const buttonMs = lap();
  await clickDone(office, grant);
  await office.stack.heard('grant.ended', grant.id);
  // Asked once: a loop that asked over and over would measure its own questions.
  const got = await grant.read();
  if (got !== denied) throw new Error(`The credentials of ${grant.id} got ${got} after the end.`);
  return { askMs, approveMs, mintMs, buttonMs, endMs: lap() };
};
