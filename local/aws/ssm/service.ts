import { type AwsCall, AwsError, type AwsService } from '../service.ts';

const nameIn = ({ input }: AwsCall): string => {
  if (typeof input.Name === 'string' && input.Name !== '') return input.Name;
  throw new AwsError(
    'ValidationException',
    "1 validation error detected: Value at 'name' failed to satisfy constraint",
  );
};

/**
 * SSM's Parameter Store for the secrets of one account, all of them SecureStrings that live in memory only. `secret` is
 * asked at each call. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export const ssmService = (accountId: string, secret: (name: string) => string | undefined): AwsService => ({
  needs: (call) => {
    if (call.action !== 'GetParameter') return [];
    const name = nameIn(call).replace(/^\//, '');
    const resource = `arn:aws:ssm:${call.region}:${call.caller.accountId}:parameter/${name}`;
    return [{ action: 'ssm:GetParameter', resource }];
  },
  handle: async (call) => {
    if (call.action !== 'GetParameter') {
      throw new AwsError(
        'UnknownOperationException',
        `The embedded SSM does GetParameter only, not ${call.action}. Its parameters are set when the stack starts.`,
      );
    }
    const name = nameIn(call);
    const value = call.caller.accountId === accountId ? secret(name) : undefined;
    if (value === undefined) throw new AwsError('ParameterNotFound', '');
    if (call.input.WithDecryption !== true) {
      throw new AwsError('ValidationException', `${name} is a SecureString: ask for it with WithDecryption.`);
    }
    return { Parameter: { Name: name, Type: 'SecureString', Value: value, Version: 1, DataType: 'text' } };
  },
});
