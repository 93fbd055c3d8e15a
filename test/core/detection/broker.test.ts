import { describe, expect, it } from 'vitest';
import { knownFrom } from '#core/detection/known.ts';
import { active, policy } from '#test/fixtures/alert-world.ts';
import * as records from '#test/fixtures/cloudtrail/records.ts';
import { brief } from './found.ts';

const withBroker = (broker: string) => {
  const accounts = policy.accounts.map((account) =>
    account.externalId === undefined ? { ...account, broker } : account,
  );
  const { minters, revoking } = knownFrom({ ...policy, accounts });
  return { minters, revoking, tagged: active };
};
const asRole = withBroker('arn:aws:iam::111111111111:role/nodes/daypass-node');
const asUser = withBroker('arn:aws:iam::111111111111:user/daypass-node');

const roleSession = (roleName: string) => ({
  type: 'AssumedRole',
  principalId: 'AROANODE000000000001:i-1',
  arn: `arn:aws:sts::111111111111:assumed-role/${roleName}/i-1`,
  accountId: '111111111111',
  sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::111111111111:role/nodes/${roleName}` } },
});
const user = (userName: string) => ({
  type: 'IAMUser',
  principalId: 'AIDANODE000000000001',
  arn: `arn:aws:iam::111111111111:user/${userName}`,
  accountId: '111111111111',
  userName,
});
const mintBy = (userIdentity: object) => records.mintWith({ record: { userIdentity } });
const revokerBy = (userIdentity: object) => ({
  ...records.revokerTakenByAdmin,
  detail: { ...(records.revokerTakenByAdmin.detail as object), userIdentity },
});
const unexplained = ['assumed-without-grant critical'];
const taken = ['revoker-taken critical'];

describe('a policy that names a broker', () => {
  it('takes its mints and its revocations for Daypass’s own, as a role and as a user', () => {
    expect(brief(mintBy(roleSession('daypass-node')), asRole)).toEqual([]);
    expect(brief(mintBy(user('daypass-node')), asUser)).toEqual([]);
    expect(brief(records.mintInTarget, asRole)).toEqual([]);
    expect(brief(records.mintInTarget, asUser)).toEqual([]);
    expect(brief(revokerBy(roleSession('daypass-node')), asRole)).toEqual([]);
    expect(brief(revokerBy(user('daypass-node')), asUser)).toEqual([]);
    expect(brief(records.revokerTakenFrom('111111111111'), asUser)).toEqual([]);
  });

  it('believes nobody else: not a neighbour, not the kind that it is not, not the functions of a deployment', () => {
    expect(brief(mintBy(roleSession('daypass-node-2')), asRole)).toEqual(unexplained);
    expect(brief(mintBy(user('daypass-node')), asRole)).toEqual(unexplained);
    expect(brief(mintBy(roleSession('daypass-node')), asUser)).toEqual(unexplained);
    expect(brief(mintBy(user('daypass-node-2')), asUser)).toEqual(unexplained);
    expect(brief(records.mintInHub, asRole)).toEqual(unexplained);
    expect(brief(records.mintInHub, asUser)).toEqual(unexplained);
    expect(brief(records.revokerTakenByHubRole('daypass-revoke-sessions'), asUser)).toEqual(taken);
    expect(brief(revokerBy(user('hub-admin')), asUser)).toEqual(taken);
    expect(brief(records.revokerTakenFrom('333333333333'), asRole)).toEqual(taken);
  });

  it('still wants a grant behind each mint', () => {
    const { tagged: _, ...ungranted } = asUser;
    expect(brief(mintBy(user('daypass-node')), ungranted)).toEqual(unexplained);
  });
});
