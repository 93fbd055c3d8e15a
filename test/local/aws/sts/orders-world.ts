import type { Seed } from '#local/aws/iam/seed.ts';
import { allow, smallWorld, trust } from './identity-stack.ts';

export const broker = 'arn:aws:iam::111111111111:role/broker';
export const orders = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
const assumeActions = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];

/** The small world and three roles: one that the broker may take, one to go on to from there, one of a single user. */
export const ordersWorld: Seed = {
  ...smallWorld,
  roles: [
    ...smallWorld.roles,
    {
      accountId: '222222222222',
      roleName: 'daypass-jit-orders-admin',
      trust: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: broker },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'sts:ExternalId': 'id-of-hub' } },
          },
          { Effect: 'Allow', Principal: { AWS: broker }, Action: ['sts:TagSession', 'sts:SetSourceIdentity'] },
        ],
      },
      policies: { work: allow(['iam:GetRole', 'sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']) },
      tags: { team: 'orders' },
    },
    {
      accountId: '333333333333',
      roleName: 'onward',
      trust: trust({ AWS: orders }, assumeActions),
      policies: { work: allow('iam:GetRole') },
      maxSessionDurationSec: 7200,
    },
    {
      accountId: '222222222222',
      roleName: 'locked',
      trust: trust({ AWS: 'arn:aws:iam::222222222222:user/production-admin' }),
      policies: {},
      maxSessionDurationSec: 7200,
    },
  ],
};
