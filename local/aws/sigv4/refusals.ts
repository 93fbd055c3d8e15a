import { AwsError } from '../service.ts';

/** A signature error by both its names: Query services (STS, IAM) and JSON services. */
type Names = { query: [code: string, status: number]; json: string };

const refusal =
  ({ query: [code, status], json }: Names) =>
  (isQuery: boolean, message: string): AwsError =>
    isQuery ? new AwsError(code, message, status) : new AwsError(json, message, 400);

/** https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html and the JSON services' own pages. */
export const missingToken = refusal({
  query: ['MissingAuthenticationToken', 403],
  json: 'MissingAuthenticationTokenException',
});
export const incomplete = refusal({ query: ['IncompleteSignature', 403], json: 'IncompleteSignatureException' });
export const unknownKey = refusal({ query: ['InvalidClientTokenId', 403], json: 'UnrecognizedClientException' });
export const wrongSignature = refusal({ query: ['SignatureDoesNotMatch', 403], json: 'InvalidSignatureException' });
export const expiredToken = refusal({ query: ['ExpiredToken', 403], json: 'ExpiredTokenException' });
export const requestExpired = refusal({ query: ['RequestExpired', 400], json: 'RequestExpired' });
