import { setTimeout as pause } from 'node:timers/promises';
import { clickDone, type Live, liveGrant, untilButton, untilDenied } from './loop.ts';
import type { Office } from './people.ts';
import { spread } from './statistics.ts';

type Sample = { deniedMs: number; verifiedMs: number };

const spreads = (samples: readonly Sample[]) => ({
  untilDenied: spread(samples.map(({ deniedMs }) => deniedMs)),
  untilVerified: spread(samples.map(({ verifiedMs }) => verifiedMs)),
});

/** Until the click nothing denies these credentials, so what is measured is the deny on the role. */
const byClick = async (office: Office, grant: Live): Promise<Sample> => {
  await untilButton(grant);
  const clickedAt = performance.now();
  const [deniedAt, verifiedAt] = await Promise.all([
    untilDenied(grant),
    office.stack.heard('grant.ended', grant.id),
    clickDone(office, grant),
  ]);
  return { deniedMs: deniedAt - clickedAt, verifiedMs: verifiedAt - clickedAt };
};

/** Asking begins this long before the end. */
const earlyMs = 100;

/** The session policy inside the credentials denies first; the deny on the role follows and is verified. */
const byExpiry = async (office: Office, grant: Live, endsAt: number): Promise<Sample> => {
  await pause(Math.max(0, endsAt - performance.now() - earlyMs));
  const [deniedAt, verifiedAt] = await Promise.all([untilDenied(grant), office.stack.heard('grant.ended', grant.id)]);
  return { deniedMs: deniedAt - endsAt, verifiedMs: verifiedAt - endsAt };
};

/**
 * From the end of a grant to AccessDenied for the same credentials, and to the event that says the deny was read back.
 * Asked over and over on one connection, so a figure is right to about one round trip, whose own time is given beside
 * it.
 */
export const revocation = async (office: Office, counts: { clicks: number; expiries: number }) => {
  const token = await office.login('U0ALICE');
  const roundTrips: number[] = [];
  const clicked: Sample[] = [];
  for (let done = 0; done < counts.clicks; done++) {
    const grant = await liveGrant(office, token, '30m');
    const startedAt = performance.now();
    await grant.read();
    roundTrips.push(performance.now() - startedAt);
    clicked.push(await byClick(office, grant));
  }
  // The grants begin one after another, and so they end one after another.
  const expiring: Promise<Sample>[] = [];
  for (let done = 0; done < counts.expiries; done++) {
    const grant = await liveGrant(office, token, '6s');
    expiring.push(byExpiry(office, grant, await office.endsAt(token, grant.id)));
  }
  const expired = await Promise.all(expiring);
  return { roundTrip: spread(roundTrips), afterClick: spreads(clicked), afterNaturalExpiry: spreads(expired) };
};
