import { roleArnOf } from '#core/aws-role.ts';
import { interrupt } from '#core/grant/grant.ts';
import { toIso } from '#core/instant.ts';
import { deniedBefore, type Ledger } from '#core/ledger/ledger.ts';
import type { Ports } from '#ports/ports.ts';
import { type ChangePorts, judgeRequest } from '#usecases/change-request.ts';

/**
 * Tells the people whose live sessions a role-wide watermark ended; their grants go on and mint again. Each is told
 * once for a watermark. Returns the ids of the grants. Throws `StoreUnavailable`.
 */
export const tellInterrupted = async (
  { roleArn, watermark }: Pick<Ledger, 'roleArn' | 'watermark'>,
  ports: ChangePorts & Pick<Ports, 'clock' | 'requests'>,
): Promise<string[]> => {
  if (!watermark) return [];
  const reason = { issuedBefore: deniedBefore(watermark), cause: watermark.cause?.kind ?? 'overflow' };
  const told: string[] = [];
  for (const { id } of (await ports.requests.withStatus('active')).filter(
    (request) => roleArnOf(request) === roleArn,
  )) {
    const outcome = await judgeRequest(
      id,
      (request) => {
        const change = request.status === 'active' ? interrupt(request, reason, toIso(ports.clock.nowMs())) : undefined;
        return change ? { change, answer: 'told' } : { keep: request };
      },
      ports,
    );
    if (outcome.ok && outcome.value.answer) told.push(id);
  }
  return told;
};
