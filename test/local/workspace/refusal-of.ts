import { WebAPIPlatformError } from '@slack/web-api';

/** Slack's name for the refusal of a call, and what its answer said was wrong. Says so when the call was accepted. */
export const refusalOf = async (call: Promise<unknown>): Promise<{ error: string; messages: readonly string[] }> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof WebAPIPlatformError)
      return { error: error.data.error, messages: error.data.response_metadata?.messages ?? [] };
    throw error;
  }
  return { error: 'none: it was accepted', messages: [] };
};
export const errorOf = async (call: Promise<unknown>): Promise<string> => (await refusalOf(call)).error;
