import { GetAccountSettingsCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** How many functions the account runs at once in this region, and how many of them nobody has set aside. */
export type Concurrency = { atOnce: number | undefined; unreserved: number | undefined };

export const concurrencyOf = async (client: LambdaClient, abortSignal: AbortSignal): Promise<Concurrency> => {
  const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}), { abortSignal });
  return {
    atOnce: AccountLimit?.ConcurrentExecutions,
    unreserved: AccountLimit?.UnreservedConcurrentExecutions,
  };
};
