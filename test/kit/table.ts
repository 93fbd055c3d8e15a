import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openTable, type Table } from '#adapters/aws/table.ts';
import { table as definition } from '#functions/table.ts';
import { engineBinary, startEngine } from '#local/aws/dynamodb/engine.ts';

/** An empty table on an engine of its own. */
export const startTable = async (): Promise<{ table: Table; stop: () => Promise<void> }> => {
  const engine = await startEngine(engineBinary() ?? '');
  const config = {
    endpoint: engine.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const client = new DynamoDBClient(config);
  const { TimeToLiveSpecification: _, ...shape } = definition;
  await client.send(new CreateTableCommand({ TableName: 'daypass', ...structuredClone(shape) } as never));
  client.destroy();
  const table = openTable('daypass', { ...config, maxAttempts: 1 });
  return {
    table,
    stop: async () => {
      table.client.destroy();
      await engine.stop();
    },
  };
};
