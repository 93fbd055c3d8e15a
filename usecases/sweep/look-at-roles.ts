import { roleArnOf } from '#core/aws-role.ts';
import { notAsOnboarded } from '#core/detection/role-not-as-onboarded.ts';
import { toIso } from '#core/instant.ts';
import { digestOfShape } from '#core/role-shape.ts';
import { sha256 } from '#core/sha256.ts';
import type { Ports } from '#ports/ports.ts';
import { raiseAlert } from '#usecases/alert/raise-alert.ts';

export type LookPorts = Pick<Ports, 'clock' | 'log' | 'policy' | 'targetRoles' | 'seenRoles' | 'alerts' | 'outbox'>;

/** The sweeper runs every five minutes, at whatever moment; each role's turn comes once an hour. */
const turnMs = 300_000;
const turnsAnHour = 12;

/** Reading a role takes half a dozen calls of IAM, which an account has few of. */
const atOnce = 5;

const turnOf = (roleArn: string): number => Number.parseInt(sha256(roleArn).slice(0, 6), 16) % turnsAnHour;

/**
 * Compares the roles whose turn it is with what onboarding gave them, and tells what is different: once, and again when
 * it changes. A role that was onboarded before its digest was left on it is passed over; `daypass doctor` names it. One
 * role's trouble does not keep the others waiting.
 */
export const lookAtRoles = async (ports: LookPorts): Promise<void> => {
  const { entitlements } = await ports.policy.current();
  const turn = Math.floor(ports.clock.nowMs() / turnMs) % turnsAnHour;
  const due = [...new Set(entitlements.map(roleArnOf))].filter((roleArn) => turnOf(roleArn) === turn);
  for (let first = 0; first < due.length; first += atOnce) {
    await Promise.all(due.slice(first, first + atOnce).map((roleArn) => lookOrLog(roleArn, ports)));
  }
};

const lookOrLog = async (roleArn: string, ports: LookPorts): Promise<void> => {
  try {
    await compareWithOnboarding(roleArn, ports);
  } catch (error) {
    ports.log.warn('A role could not be compared with what onboarding gave it; it is tried again within the hour.', {
      roleArn,
      error: String(error),
    });
  }
};

/** Throws `RoleUnavailable` and `StoreUnavailable`. */
export const compareWithOnboarding = async (roleArn: string, ports: LookPorts): Promise<void> => {
  const [found, seen] = await Promise.all([ports.targetRoles.look(roleArn), ports.seenRoles.get(roleArn)]);
  if (typeof found === 'string') return;
  const { shape, asOnboarded = seen.onboarded?.digest } = found;
  const digest = digestOfShape(shape);
  if (asOnboarded === undefined) return;
  if (digest === asOnboarded) {
    if (seen.onboarded?.digest !== digest || seen.told !== undefined)
      await ports.seenRoles.put(roleArn, { onboarded: { digest, shape } });
    return;
  }
  if (digest === seen.told) return;
  const was = seen.onboarded?.digest === asOnboarded ? seen.onboarded.shape : undefined;
  await raiseAlert(notAsOnboarded(roleArn, { was, is: shape }, toIso(ports.clock.nowMs())), ports);
  await ports.seenRoles.put(roleArn, { ...seen, told: digest });
};
