import { iamUser, trailSample } from '#core/detection/sample-records.ts';
import { denyPolicyName } from '#core/ledger/document.ts';
import type { LockdownScope } from '#core/lockdown/lockdown.ts';
import type { Outcome } from '#core/refusal.ts';
import type { Minted } from '#usecases/grant/mint-credentials.ts';
import type { Actor, Plan } from './actor.ts';
import type { Delivery } from './bus.ts';
import type { Task } from './executions.ts';
import { mustBeFree } from './invariants/limits.ts';
import { observeAdmin, observeHandOut } from './observe.ts';
import { lambdas } from './states/lambdas.ts';
import type { World } from './world.ts';

/**
 * What can be done in the world: each starts one process with one use case and returns it, waiting at its first port
 * call. Nothing here decides anything that a use case decides.
 */
const short = (requestId: string): string => `#${Number(requestId.slice(8))}`;

export const ask = (
  world: World,
  what: { personId: string; entitlementId: string; durationSec: number },
  plan: Plan = {},
): { requestId: string; actor: Actor } => {
  const requestId = world.newId();
  world.asked.push(requestId);
  const name = `${what.personId} asks for ${what.entitlementId} (${short(requestId)})`;
  const actor = world.start('api', name, plan, (ports) =>
    world.does.submitRequest({ requestId, ...what, reason: 'fixing INC-42' }, ports),
  );
  return { requestId, actor };
};

export const vote = (
  world: World,
  ballot: { requestId: string; personId: string; verdict: 'approve' | 'deny' },
  plan: Plan = {},
): Actor => {
  const what = `${ballot.personId} votes ${ballot.verdict} on ${short(ballot.requestId)}`;
  const actor = world.start('slack-events', what, plan, (ports) => world.does.castVote(ballot, ports));
  return ballot.verdict === 'deny' ? mustBeFree(world, actor) : actor;
};

export const cancel = (world: World, who: { requestId: string; personId: string }, plan: Plan = {}): Actor => {
  const what = `${who.personId} cancels ${short(who.requestId)}`;
  return mustBeFree(
    world,
    world.start('slack-events', what, plan, (ports) => world.does.cancelRequest(who, ports)),
  );
};

export const end = (
  world: World,
  who: { requestId: string; personId: string; reason: 'done' | 'revoked' },
  plan: Plan = {},
): Actor => {
  const what = `${who.personId} ends ${short(who.requestId)}`;
  return mustBeFree(
    world,
    world.start('slack-events', what, plan, (ports) => world.does.endGrant(who, ports)),
  );
};

export const extend = (
  world: World,
  order: { requestId: string; personId: string; bySec: number },
  plan: Plan = {},
): { extensionId: string; actor: Actor } => {
  const extensionId = world.newId();
  const what = `${order.personId} asks for ${order.bySec} s more (${short(order.requestId)})`;
  const actor = world.start('slack-events', what, plan, (ports) =>
    world.does.askExtension({ ...order, extensionId, reason: 'INC-42 takes longer' }, ports),
  );
  return { extensionId, actor };
};

export const answer = (
  world: World,
  ballot: { requestId: string; extensionId: string; personId: string; verdict: 'approve' | 'deny' },
  plan: Plan = {},
): Actor => {
  const what = `${ballot.personId} votes ${ballot.verdict} on the extension of ${short(ballot.requestId)}`;
  return world.start('slack-events', what, plan, (ports) => world.does.answerExtension(ballot, ports));
};

/** What somebody is handed is noted at the moment in which they get it. */
export const mint = (world: World, who: { requestId: string; personId: string }, plan: Plan = {}): Actor => {
  const actor = world.start(
    'mint-credentials',
    `${who.personId} mints ${short(who.requestId)}`,
    plan,
    async (ports) => {
      const outcome: Outcome<Minted> = await world.does.mintCredentials(who, ports);
      if (outcome.ok && actor.outcome === 'running') {
        world.observed.handedOut.add(outcome.value.credentials.accessKeyId);
        observeHandOut(world, outcome.value);
        world.look();
      }
      return outcome;
    },
  );
  return actor;
};

export const activate = (world: World, requestId: string, plan: Plan = {}): Actor =>
  world.start('activate-grant', `activate ${short(requestId)}`, plan, (ports) =>
    world.does.activateGrant({ requestId }, ports),
  );

/** The use case behind `/access lockdown` and `daypass lockdown`. */
export const lockDown = (
  world: World,
  what: { scope: LockdownScope; personId: string },
  plan: Plan = {},
): { lockdownId: string; actor: Actor } => {
  const lockdownId = world.newId();
  const actor = world.start('api', `${what.personId} locks ${JSON.stringify(what.scope)} down`, plan, (ports) =>
    world.does.beginLockdown({ lockdownId, ...what, reason: 'INC-42: a laptop is gone' }, ports),
  );
  return { lockdownId, actor: mustBeFree(world, actor) };
};

export const lift = (world: World, who: { lockdownId: string; personId: string }, plan: Plan = {}): Actor =>
  mustBeFree(
    world,
    world.start('api', `${who.personId} lifts ${short(who.lockdownId)}`, plan, (ports) =>
      world.does.liftLockdown({ ...who, reason: 'INC-42: it was found' }, ports),
    ),
  );

export const revoke = (world: World, requestId: string, plan: Plan = {}): Actor =>
  world.start('revoke-sessions', `revoke ${short(requestId)}`, plan, (ports) =>
    world.does.revokeSessions({ requestId }, ports),
  );

/** The slice of the lockdown that there is, of one request. */
export const revokesSlice = (world: World, requestId: string): Actor => {
  const [lockdownId = ''] = world.memory.lockdowns.keys();
  return world.start('revoke-locked', 'RevokeLocked', {}, (ports) =>
    world.does.revokeLocked({ lockdownId, subjects: [requestId] }, ports),
  );
};

export const sweep = (world: World, plan: Plan = {}): Actor =>
  world.start('sweep', 'sweep', plan, (ports) => world.does.sweep(ports));

const nameOf = (delivery: Delivery): string => {
  if ('roleArn' in delivery) return delivery.roleArn;
  if ('chainOf' in delivery) return short(delivery.chainOf);
  return short('lockdownId' in delivery ? delivery.lockdownId : delivery.requestId);
};

/** EventBridge brings an event to its function. It stays to be brought again until the function has taken it. */
export const deliver = (world: World, delivery: Delivery, plan: Plan = {}, again = false): Actor => {
  const actor = world.start(delivery.to, `${delivery.to} ${nameOf(delivery)}`, plan, (ports) => {
    if ('roleArn' in delivery) return world.does.restoreDeny(delivery.event, ports);
    if ('chainOf' in delivery) return world.does.followChain({ requestId: delivery.chainOf }, ports);
    if ('lockdownId' in delivery) {
      const { to, lockdownId } = delivery;
      return to === 'sweep'
        ? world.does.settleLockdown({ lockdownId }, ports)
        : world.does.startLockdown(delivery, ports);
    }
    const { to, requestId } = delivery;
    switch (to) {
      case 'start-workflow':
        return world.does.startAccessRequest({ requestId }, ports);
      case 'open-gate':
        return world.does.openGate({ name: requestId, gate: delivery.gate, approved: delivery.approved }, ports);
      case 'sweep':
        return world.does.settleRequest({ requestId }, ports);
    }
  });
  void actor.ended.then(() => {
    if (actor.outcome === 'done' && !again) world.bus.taken(delivery);
  });
  return actor;
};

/** Step Functions invokes the Lambda that an execution wants next. */
export const task = (world: World, due: Task, plan: Plan = {}): Actor => {
  const { executionName, state, functionName, payload } = due;
  const lambda = lambdas[functionName];
  if (!lambda) throw new Error(`The model has no code for the function ${functionName}.`);
  world.executions.begin(due);
  const actor = world.start(functionName, `${state} ${short(executionName)}`, plan, (ports) =>
    lambda(payload, world.does, ports),
  );
  world.observed.tasks.set(actor, due);
  void actor.ended.then(() => {
    const { outcome, value, error = lambdaDied } = actor;
    world.executions.answered(due, outcome === 'done' ? { value } : { error });
  });
  return actor;
};

/** As Step Functions hears of a sandbox that is gone. */
const lambdaDied = Object.assign(new Error('The Lambda died.'), { name: 'Runtime.ExitError' });

/** CloudTrail tells of it by EventBridge, some time. */
const tells = ({ bus, clock, observed }: World, eventName: string, roleArn: string, policyDocument?: string): void => {
  const [accountId = '', roleName = ''] = [roleArn.split(':')[4], roleArn.split('/')[1]];
  const event = trailSample('iam', eventName, accountId, {
    eventID: `${eventName} ${observed.step}`,
    eventTime: `${new Date(clock.nowMs()).toISOString().slice(0, 19)}Z`,
    userIdentity: iamUser(accountId, 'production-admin'),
    requestParameters: {
      roleName,
      policyName: denyPolicyName,
      ...(policyDocument !== undefined && { policyDocument }),
    },
  });
  bus.called(roleArn, event);
};

/** The console's own document, 30 seconds ahead. It replaces whatever stands under that name. */
export const pressConsoleButton = async (world: World, roleArn: string): Promise<void> => {
  const issuedBefore = new Date(world.clock.nowMs() + 30_000).toISOString();
  const statement = {
    Effect: 'Deny',
    Action: ['*'],
    Resource: ['*'],
    Condition: { DateLessThan: { 'aws:TokenIssueTime': issuedBefore } },
  };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await world.cloud.adminWrites(roleArn, document);
  observeAdmin(world, roleArn, issuedBefore);
  tells(world, 'PutRolePolicy', roleArn, document);
  world.look();
};

export const deleteDeny = async (world: World, roleArn: string): Promise<void> => {
  await world.cloud.adminWrites(roleArn, undefined);
  observeAdmin(world, roleArn, undefined);
  tells(world, 'DeleteRolePolicy', roleArn);
  world.look();
};
