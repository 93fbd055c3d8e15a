import { AwsError } from '../service.ts';

type Json = Readonly<Record<string, unknown>>;
type Call = (action: string, input: Json) => Promise<Record<string, unknown>>;

/**
 * The properties of a CloudFormation `AWS::DynamoDB::Table`, so that one definition serves the deployment and the
 * laptop.
 */
export type TableDefinition = Json & {
  TableName: string;
  TimeToLiveSpecification?: { AttributeName: string; Enabled: boolean };
};

/** What CreateTable takes of it; encryption, backups and protection mean nothing here. */
const taken: readonly string[] = [
  ...['TableName', 'AttributeDefinitions', 'KeySchema', 'BillingMode', 'ProvisionedThroughput'],
  ...['GlobalSecondaryIndexes', 'LocalSecondaryIndexes', 'StreamSpecification'],
];

const codeOf = (error: unknown): string => (error instanceof AwsError ? error.code : '');

export const createTable = async (call: Call, table: TableDefinition): Promise<void> => {
  const { TableName, TimeToLiveSpecification } = table;
  try {
    await call('CreateTable', Object.fromEntries(Object.entries(table).filter(([key]) => taken.includes(key))));
  } catch (error) {
    if (codeOf(error) !== 'ResourceInUseException') throw error;
  }
  if (!TimeToLiveSpecification?.Enabled) return;
  const { TimeToLiveDescription: now } = await call('DescribeTimeToLive', { TableName });
  // Asking for what is already so is an error in DynamoDB.
  if ((now as Json | undefined)?.TimeToLiveStatus === 'ENABLED') return;
  await call('UpdateTimeToLive', { TableName, TimeToLiveSpecification });
};

export const seed = async (call: Call, TableName: string, Item: Json): Promise<void> => {
  const { Table: table } = await call('DescribeTable', { TableName });
  const [key] = (table as { KeySchema: { AttributeName: string }[] }).KeySchema;
  const unlessThere = {
    ConditionExpression: 'attribute_not_exists(#key)',
    ExpressionAttributeNames: { '#key': key?.AttributeName },
  };
  try {
    await call('PutItem', { TableName, Item, ...unlessThere });
  } catch (error) {
    if (codeOf(error) !== 'ConditionalCheckFailedException') throw error;
  }
};
