import { roleOf } from '#core/aws-role.ts';
import { toContext } from '../iam/context.ts';
import { covers } from '../iam/evaluate.ts';
import { type Policy, parsePolicy } from '../iam/policy.ts';
import { evaluateTrust } from '../iam/trust.ts';
import type { BusEvent } from './bus-event.ts';

/** Who besides its own account may put events on a bus: its resource policy. */
export type BusPolicies = {
  /** Adds a statement to the policy of the bus. Throws MalformedPolicyDocument. */
  add(busArn: string, statement: Readonly<Record<string, unknown>>): void;
  /** The policy as JSON; undefined where nothing was added. */
  text(busArn: string): string | undefined;
  /** Whether the role of another account may put this event there. */
  allow(busArn: string, roleArn: string, event: BusEvent): boolean;
};

/**
 * The condition keys of `events:PutEvents`, a list each, however many entries a call has:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
 */
export const putEventsContext = (
  entries: readonly Pick<BusEvent, 'source' | 'detail-type'>[],
): Record<string, readonly string[]> => ({
  'events:source': entries.map(({ source }) => source),
  'events:detail-type': entries.map((entry) => entry['detail-type']),
});

const version = '2012-10-17';

export const createBusPolicies = (): BusPolicies => {
  const policies = new Map<string, Policy>();
  const written = new Map<string, Readonly<Record<string, unknown>>[]>();
  return {
    add: (busArn, statement) => {
      const added = parsePolicy(JSON.stringify({ Version: version, Statement: [statement] }), 'resource');
      written.set(busArn, [...(written.get(busArn) ?? []), statement]);
      policies.set(busArn, { statements: [...(policies.get(busArn)?.statements ?? []), ...added.statements] });
    },
    text: (busArn) => {
      const statements = written.get(busArn);
      return statements && JSON.stringify({ Version: version, Statement: statements });
    },
    allow: (busArn, roleArn, event) => {
      const { accountId } = roleOf(roleArn);
      const context = toContext({
        ...putEventsContext([event]),
        'aws:PrincipalArn': roleArn,
        'aws:PrincipalAccount': accountId,
      });
      const ask = { action: 'events:PutEvents', resource: busArn, context };
      const concerned = (policies.get(busArn)?.statements ?? []).filter((statement) => covers(statement, ask));
      const asker = { kind: 'principal', accountId, arn: roleArn, uniqueId: '' } as const;
      return evaluateTrust({ statements: concerned }, {}, asker, ask).verdict === 'allow';
    },
  };
};
