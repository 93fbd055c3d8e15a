import { type AwsCall, AwsError } from '#local/aws/service.ts';

/** Readers for the members of a call's input. Each throws the refusal that the API reference documents. */

export const requiredText = (call: AwsCall, member: string): string => {
  const value = call.input[member];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsError('ValidationException', `${call.action} needs the text member '${member}'.`);
};

export const optionalText = (call: AwsCall, member: string, mostChars: number): string | undefined => {
  const value = call.input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value.length <= mostChars) return value;
  throw new AwsError('ValidationException', `'${member}' must be text of at most ${mostChars} characters.`);
};

const arnPatterns = {
  stateMachine: /^arn:aws:states:[a-z0-9-]+:(\d{12}):stateMachine:([^:]{1,80})$/,
  execution: /^arn:aws:states:[a-z0-9-]+:(\d{12}):execution:([^:]{1,80}):([^:]{1,80})$/,
};

/**
 * An ARN of the caller's own account. Step Functions has no resource policies, so another account's is refused
 * whatever the caller's policies say.
 */
export const ownArn = (call: AwsCall, member: string, kind: keyof typeof arnPatterns): string => {
  const arn = requiredText(call, member);
  const account = arnPatterns[kind].exec(arn)?.[1];
  if (account === undefined) throw new AwsError('InvalidArn', `Invalid Arn: '${arn}' is not the ARN of a ${kind}.`);
  if (account === call.caller.accountId) return arn;
  throw new AwsError(
    'AccessDeniedException',
    `User: ${call.caller.arn} is not authorized to perform: states:${call.action} on resource: ${arn} because no resource-based policy allows the states:${call.action} action`,
  );
};

/** How many results a page has: 100 where nothing (or 0) is asked for, at most 1,000. */
export const pageSize = (call: AwsCall): number => {
  const asked = call.input.maxResults;
  if (asked === undefined || asked === null || asked === 0) return 100;
  if (typeof asked === 'number' && Number.isInteger(asked) && asked >= 1 && asked <= 1000) return asked;
  throw new AwsError('ValidationException', `'maxResults' must be a whole number from 0 to 1000.`);
};

export const nextTokenFor = (cursor: string | number): string => Buffer.from(`after ${cursor}`).toString('base64url');

/** The cursor inside `nextToken`, or nothing for the first page. */
export const cursorOf = (call: AwsCall): string | undefined => {
  const token = call.input.nextToken;
  if (token === undefined || token === null) return undefined;
  const text = typeof token === 'string' ? Buffer.from(token, 'base64url').toString() : '';
  if (text.startsWith('after ')) return text.slice('after '.length);
  throw new AwsError('InvalidToken', `Invalid Token: 'nextToken' is not one that ${call.action} gave.`);
};

/** The same where the cursor is a number. */
export const numberCursorOf = (call: AwsCall): number | undefined => {
  const cursor = cursorOf(call);
  if (cursor === undefined) return undefined;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new AwsError('InvalidToken', `Invalid Token: 'nextToken' is not one that ${call.action} gave.`);
};
