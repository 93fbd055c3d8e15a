import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

/** Reads one order with whatever credentials the environment has: `node examples/read-order.ts 12345`. */
const [orderId = '12345'] = process.argv.slice(2);

try {
  const { Item } = await new DynamoDBClient({}).send(
    new GetItemCommand({ TableName: 'OrdersTable', Key: { OrderId: { S: orderId } } }),
  );
  console.log(Item ?? `There is no order ${orderId}.`);
} catch (error) {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  process.exitCode = 1;
}
