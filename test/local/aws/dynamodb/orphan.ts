// A process that starts an engine, puts an item, says the engine's id and waits to be killed.
import { createDynamoClient } from '#local/aws/dynamodb/client.ts';
import { engineBinary, startEngine } from '#local/aws/dynamodb/engine.ts';

const engine = await startEngine(engineBinary() ?? '', process.argv[2]);
const client = createDynamoClient(engine.url, '222222222222');
await client.call('CreateTable', {
  TableName: 'OrdersTable',
  AttributeDefinitions: [{ AttributeName: 'OrderId', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'OrderId', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
});
await client.call('PutItem', { TableName: 'OrdersTable', Item: { OrderId: { S: '12345' } } });
process.stdout.write(`${engine.pid}\n`);
process.stdin.resume();
