import { isManagedRoleArn } from '#core/aws-role.ts';
import type { AlertRemedy } from '#core/detection/detection.ts';
import type { Finding } from '#core/detection/finding.ts';
import { detectionNamed } from '#core/detection/registry.ts';
import type { Alert } from './alert.ts';

type Remediable = Pick<Alert, 'detection' | 'sessions'> & { first: Pick<Finding, 'roleArn'> };

/** What its detection says may be done, where there is something to do it to. */
export const remedyOf = ({ detection, sessions, first }: Remediable): AlertRemedy => {
  const remedy = detectionNamed(detection)?.remedy ?? 'end-sessions';
  if (!isManagedRoleArn(first.roleArn)) return 'nothing';
  return remedy === 'end-sessions' && sessions.length === 0 ? 'nothing' : remedy;
};

/** Whether the alert has a Revoke button. */
export const isRevocable = (alert: Remediable): boolean => remedyOf(alert) !== 'nothing';
