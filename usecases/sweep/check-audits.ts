import { roleArnOf } from '#core/aws-role.ts';
import { brokenAudit } from '#core/detection/audit-broken.ts';
import type { Finding } from '#core/detection/finding.ts';
import { hubIdOf } from '#core/policy/policy.ts';
import { brokenIn } from '#core/request/audit-chain.ts';
import type { Ports } from '#ports/ports.ts';
import { raiseAlert } from '#usecases/alert/raise-alert.ts';

type Records = Pick<Ports, 'requests' | 'lockdowns'>;
export type CheckAuditPorts = Records & Pick<Ports, 'clock' | 'log' | 'policy' | 'alerts' | 'outbox'>;

const turnMs = 300_000;
const dayMs = 86_400_000;
/** How far back the sweeper looks. What is older is looked at by nobody but who reads it. */
const days = 90;
const mostAtOnce = 25;

const turnOf = ({ clock }: Pick<Ports, 'clock'>): number => Math.floor(clock.nowMs() / turnMs);

const brokenRequest = (id: string, { requests }: Records) =>
  brokenIn(
    () => requests.get(id),
    () => requests.audit(id),
  );

const brokenLockdown = (id: string, { lockdowns }: Records) =>
  brokenIn(
    () => lockdowns.get(id),
    () => lockdowns.audit(id),
  );

/**
 * The requests whose turn it is: those of one person on one day, another one each time. Every request of the last 90
 * days of everybody in the policy has its turn, without a cursor that somebody would have to keep.
 */
const dueRequests = async ({ clock, policy, requests }: CheckAuditPorts): Promise<string[]> => {
  const people = (await policy.current()).people.map(({ id }) => id).sort();
  const turn = turnOf({ clock });
  const person = people[turn % people.length];
  if (person === undefined) return [];
  // Today has every other turn of a person: what was written last is what somebody would change first.
  const round = Math.floor(turn / people.length);
  const daysBack = round % 2 === 0 ? 0 : Math.floor(round / 2) % days;
  const until = clock.nowMs() - daysBack * dayMs;
  const found = await requests.askedBetween(person, until - dayMs, until);
  const from = found.length <= mostAtOnce ? 0 : (Math.floor(round / 2) * mostAtOnce) % found.length;
  return found.slice(from, from + mostAtOnce).map(({ id }) => id);
};

/**
 * Compares what is on record of some requests and of a lockdown with what was written, so many in a run, all in turn;
 * tells what is not, once for each. What cannot be read keeps nothing else waiting.
 */
export const checkAudits = async (ports: CheckAuditPorts): Promise<void> => {
  try {
    for (const finding of await findings(ports)) await raiseAlert(finding, ports);
  } catch (error) {
    ports.log.warn('What is on record could not be compared with what was written; it is tried again.', {
      error: String(error),
    });
  }
};

const findings = async (ports: CheckAuditPorts): Promise<Finding[]> => {
  const found: Finding[] = [];
  for (const id of await dueRequests(ports)) {
    const { record, broken } = (await brokenRequest(id, ports)) ?? {};
    if (!record || !broken) continue;
    const of = `${record.personId}’s request for ${record.entitlementId}`;
    const where = { accountId: record.accountId, roleArn: roleArnOf(record) };
    found.push(brokenAudit({ of, about: `REQUEST#${id}`, since: record.askedAt, ...where }, broken));
  }
  const { lockdowns } = await ports.lockdowns.register();
  const due = lockdowns[turnOf(ports) % lockdowns.length];
  const { record, broken } = (due && (await brokenLockdown(due.id, ports))) ?? {};
  if (record && broken) {
    const where = { accountId: hubIdOf(await ports.policy.current()), roleArn: 'unknown' };
    found.push(
      brokenAudit({ of: 'a lockdown', about: `LOCKDOWN#${record.id}`, since: record.begunAt, ...where }, broken),
    );
  }
  return found;
};
