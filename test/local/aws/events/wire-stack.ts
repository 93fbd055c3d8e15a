import { DatabaseSync } from 'node:sqlite';
import { createCloudTrail } from '#local/aws/cloudtrail/trail.ts';
import { createDynamoDb } from '#local/aws/dynamodb/dynamodb.ts';
import { createEndpoint } from '#local/aws/endpoint.ts';
import { createEventBus } from '#local/aws/events/bus.ts';
import type { BusEvent } from '#local/aws/events/bus-event.ts';
import type { Rule } from '#local/aws/events/rules.ts';
import { createIdentity } from '#local/aws/iam/identity.ts';
import { keyRing } from '#local/aws/iam/keys.ts';
import { turnableClock } from '#local/clock.ts';
import { allow, type Keys, smallWorld, trust } from '#test/local/aws/sts/identity-stack.ts';

const ordersTable = {
  TableName: 'OrdersTable',
  AttributeDefinitions: [
    { AttributeName: 'OrderId', AttributeType: 'S' },
    { AttributeName: 'Owner', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'OrderId', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byOwner',
      KeySchema: [{ AttributeName: 'Owner', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

/** IAM, STS, CloudTrail, EventBridge and DynamoDB behind one endpoint, joined as `npm start` joins them. */
export const startWire = async (options: { rules?: readonly Rule[]; throttle?: boolean } = {}) => {
  const clock = turnableClock();
  const db = new DatabaseSync(':memory:');
  const delivered: { functionName: string; event: BusEvent }[] = [];
  const bus = createEventBus({
    db,
    clock,
    deliverTo: async (functionName, event) => void delivered.push({ functionName, event }),
  });
  for (const rule of options.rules ?? []) bus.putRule(rule);
  const trail = createCloudTrail({ db, clock, deliver: bus.put, throttle: options.throttle ?? false });
  const { iam, sts } = createIdentity({
    db,
    clock,
    keys: keyRing(new Uint8Array(32).fill(7)),
  });
  iam.seed({
    ...smallWorld,
    users: [
      ...smallWorld.users,
      {
        accountId: '222222222222',
        userName: 'reader',
        policies: {
          read: allow(['dynamodb:GetItem'], 'arn:aws:dynamodb:us-east-1:222222222222:table/OrdersTable'),
          publish: allow('events:PutEvents', 'arn:aws:events:us-east-1:222222222222:event-bus/daypass', {
            Condition: { 'ForAllValues:StringEquals': { 'events:source': 'orders' } },
          }),
        },
      },
    ],
    roles: [
      ...smallWorld.roles,
      {
        accountId: '222222222222',
        roleName: 'daypass-jit-orders-admin',
        trust: trust({ AWS: ['arn:aws:iam::111111111111:root', 'arn:aws:iam::222222222222:root'] }),
        policies: { work: allow('dynamodb:*') },
      },
    ],
  });
  const dynamodb = createDynamoDb({ accounts: smallWorld.accounts.map(({ id }) => id), ephemeral: true });
  await dynamodb.createTables('222222222222', [ordersTable]);
  await dynamodb.seedItem('222222222222', 'OrdersTable', { OrderId: { S: '12345' }, Owner: { S: 'alice' } });
  const faults: unknown[] = [];
  const endpoint = createEndpoint({
    services: { iam, sts, dynamodb: dynamodb.service, events: bus.service, cloudtrail: trail.service },
    iam,
    clock,
    completed: trail.completed,
    fault: (error) => faults.push(error),
  });
  const url = `http://127.0.0.1:${await endpoint.listen(0)}`;
  return {
    clock,
    bus,
    trail,
    iam,
    sts,
    delivered,
    faults,
    userKeys: (accountId: string, name: string): Keys => iam.credentialsOf(`arn:aws:iam::${accountId}:user/${name}`),
    /** Settings for any SDK client. */
    settings: (credentials: Keys) => ({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 }),
    close: async () => {
      await endpoint.close();
      await bus.stop();
      await dynamodb.stop();
    },
  };
};

export type Wire = Awaited<ReturnType<typeof startWire>>;
