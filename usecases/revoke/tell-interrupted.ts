import { roleArnOf } from '#core/aws-role.ts';
import { interrupt } from '#core/grant/grant.ts';
import { toIso } from '#core/instant.ts';
import { deniedBefore, everyOneDeniedBefore, type Ledger } from '#core/ledger/ledger.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { type ChangePorts, judgeRequest } from '#usecases/change-request.ts';

/** Sessions of the grant may be on the role. */
const reaches = (request: AccessRequest, roleArn: string): boolean =>
  roleArnOf(request) === roleArn || (request.minted?.reach?.into.includes(roleArn) ?? false);

/**
 * Tells the people whose live sessions were ended with others of theirs, or of everybody, on the role; their grants go
 * on and mint again. Each is told once for such an end. Returns the ids of the grants. Throws `StoreUnavailable`.
 */
export const tellInterrupted = async (
  ledger: Ledger,
  ports: ChangePorts & Pick<Ports, 'clock' | 'requests'>,
): Promise<string[]> => {
  const { roleArn, watermark, entries } = ledger;
  if (!watermark && !entries.some((entry) => 'everyOf' in entry)) return [];
  const told: string[] = [];
  for (const { id, personId } of (await ports.requests.withStatus('active')).filter((request) =>
    reaches(request, roleArn),
  )) {
    const issuedBefore = everyOneDeniedBefore(ledger, personId);
    if (issuedBefore === '') continue;
    const isRoleWide = watermark !== undefined && deniedBefore(watermark) === issuedBefore;
    const reason = {
      issuedBefore,
      cause: isRoleWide ? (watermark.cause?.kind ?? 'overflow') : 'overflow',
      ...(!isRoleWide && { onlyTheirs: true as const }),
    };
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
