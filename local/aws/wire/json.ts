import { AwsError } from '../service.ts';

/** AWS JSON 1.0 and 1.1. https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */

/** Dates become seconds since the epoch, bytes become base64, as both protocols want. */
const toWire = (value: unknown): unknown => {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]: [string, unknown]) => [name, toWire(inner)]));
  }
  return value;
};

export const jsonAnswer = (output: Readonly<Record<string, unknown>>): string => JSON.stringify(toWire(output));

/** DynamoDB names its own errors in full; those of the front door in front of every service have another namespace. */
const errorType = (service: string, code: string): string => {
  if (service !== 'dynamodb') return code;
  return frontDoor.has(code) ? `com.amazon.coral.service#${code}` : `com.amazonaws.dynamodb.v20120810#${code}`;
};

const frontDoor = new Set([
  'AccessDeniedException',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InternalFailure',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'SerializationException',
  'UnknownOperationException',
  'UnrecognizedClientException',
]);

export const jsonError = (
  service: string,
  error: { code: string; message: string; detail: Readonly<Record<string, unknown>> },
): string =>
  JSON.stringify({
    ...(toWire(error.detail) as Record<string, unknown>),
    __type: errorType(service, error.code),
    message: error.message,
  });

const serialization = (message: string, cause?: unknown): AwsError =>
  Object.assign(new AwsError('SerializationException', message, 400), cause === undefined ? {} : { cause });

/** Throws SerializationException unless the body is a JSON object. An empty body is an empty input. */
export const readJsonBody = (body: Buffer): Record<string, unknown> => {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw serialization('The body is not valid JSON. Send the operation’s input as one JSON object.', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw serialization('The body must be one JSON object: the input of the operation.');
  }
  return { ...value };
};
