import { IncomingMessage, Server, ServerResponse } from 'node:http';

/*
 * Loaded into a stack before its own code, by `node --import`: of the signed calls that its AWS endpoint gets, the
 * database refuses one in a hundred and IAM one in twenty, with the errors of their API references. It knows nothing of
 * the stack's code.
 */

const errors = {
  // docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
  dynamodb: {
    oneIn: 100,
    status: 400,
    type: 'application/x-amz-json-1.0',
    body: JSON.stringify({
      __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
      message: 'The level of configured provisioned throughput for the table was exceeded.',
    }),
  },
  // docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
  iam: {
    oneIn: 20,
    status: 400,
    type: 'text/xml',
    body: '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error><RequestId>6f1b2c7e-0000-4000-8000-000000000000</RequestId></ErrorResponse>',
  },
} as const;

const signedFor = /Credential=[^/]+\/\d{8}\/[^/]+\/(dynamodb|iam)\/aws4_request/;
const counts = { dynamodb: 0, iam: 0 };
const { emit } = Server.prototype;

/** Every nth and not at random: the same run fails in the same way. */
Server.prototype.emit = function (this: Server, name: string, ...args: unknown[]): boolean {
  const [request, response] = args;
  if (name === 'request' && request instanceof IncomingMessage && response instanceof ServerResponse) {
    const { authorization = '' } = request.headers;
    const service = signedFor.exec(authorization)?.[1] as keyof typeof errors | undefined;
    if (service) {
      const { oneIn, status, type, body } = errors[service];
      counts[service] += 1;
      if (counts[service] % oneIn === 0) {
        request.resume();
        request.once('end', () => response.writeHead(status, { 'content-type': type }).end(body));
        return true;
      }
    }
  }
  return Reflect.apply(emit, this, [name, ...args]) as boolean;
} as typeof emit;
