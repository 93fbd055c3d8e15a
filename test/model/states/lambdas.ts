import type { Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import { type TaskContract, task } from '#functions/middy/task.ts';
import { accessRequest, holdGateContract } from '#statemachines/access-request.contract.ts';
import { lockdown } from '#statemachines/lockdown.contract.ts';
import { windowOf } from '#usecases/grant/activate-grant.ts';
import type { UseCases } from '../does.ts';
import type { ModelPorts } from '../instrument.ts';

/** What a Task's function does with the payload that the machine gives it. */
type Lambda = (payload: unknown, does: UseCases, ports: ModelPorts) => Promise<unknown>;

/** It cannot say how long it has left: nothing in the model runs on a real timer. */
const context = {} as Context;

/** In the stack of the deployed handler, which holds both sides to the contract. */
const lambda =
  <I extends z.ZodMiniType, O extends z.ZodMiniType>(
    contract: TaskContract<I, O>,
    run: (input: z.infer<I>, does: UseCases, ports: ModelPorts) => Promise<z.infer<O>>,
  ): Lambda =>
  (payload, does, ports) =>
    task(contract, (input) => run(input, does, ports))(payload, context);

const nothing = async (done: Promise<unknown>): Promise<Record<string, never>> => {
  await done;
  return {};
};
const statusOf = async <S>(done: Promise<{ status: S }>): Promise<{ status: S }> => ({ status: (await done).status });

/**
 * The functions of the machines that the model runs, by name, with the use cases of the world in place of their own.
 */
export const lambdas: Readonly<Record<string, Lambda>> = {
  'hold-gate': lambda(holdGateContract, (input, does, ports) => nothing(does.holdGate(input, ports))),
  'lapse-request': lambda(accessRequest.LapseRequest, (input, does, ports) =>
    statusOf(does.lapseRequest(input, ports)),
  ),
  'activate-grant': lambda(accessRequest.ActivateGrant, async (input, does, ports) =>
    windowOf(await does.activateGrant(input, ports)),
  ),
  'revoke-sessions': lambda(accessRequest.RevokeSessions, (input, does, ports) =>
    statusOf(does.revokeSessions(input, ports)),
  ),
  'report-revocation-failure': lambda(accessRequest.ReportRevocationFailure, (input, does, ports) =>
    nothing(does.reportRevocationFailure(input, ports)),
  ),
  'find-locked': lambda(lockdown.FindLocked, (input, does, ports) => does.findLocked(input, ports)),
  'revoke-locked': lambda(lockdown.RevokeLocked, (input, does, ports) => nothing(does.revokeLocked(input, ports))),
  'report-locked-failure': lambda(lockdown.ReportLockedFailure, (input, does, ports) =>
    nothing(does.reportLockedFailure(input, ports)),
  ),
  'finish-lockdown': lambda(lockdown.FinishLockdown, (input, does, ports) => does.finishLockdown(input, ports)),
};
