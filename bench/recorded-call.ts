import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/** One signed call to AWS. `reads` and `writes` name the aggregates that an operation on the table touches. */
export type RecordedCall = { service: string; operation: string; reads: string[]; writes: string[] };

type Values = Readonly<Record<string, { S?: string } | undefined>>;
type Statement = { TableName?: string; Key?: Values; Item?: Values };
type DynamoDbInput = Statement & {
  IndexName?: string;
  ExpressionAttributeValues?: Values;
  TransactItems?: Readonly<Record<string, Statement>>[];
  RequestItems?: Readonly<Record<string, { Keys?: Values[] } | Readonly<Record<string, Statement>>[]>>;
};

/** `REQUEST#01…` with `STATE` is `request`, with `AUDIT#00…` it is `request audit`. */
const aggregateOf = (pk = '', sk = ''): string => {
  const [of = '', kind = ''] = [pk, sk].map((key) => (key.split('#')[0] ?? '').toLowerCase());
  const alone = kind === '' || kind === 'state' || kind === of || kind.includes(':') || !sk.includes('#');
  return alone ? of : `${of} ${kind}`;
};

const ofKey = ({ Key, Item }: Statement): string => {
  const { pk, sk } = Key ?? Item ?? {};
  return aggregateOf(pk?.S, sk?.S);
};

const queried = ({ IndexName, ExpressionAttributeValues = {} }: DynamoDbInput): string => {
  const texts = Object.values(ExpressionAttributeValues).flatMap((value) => value?.S ?? []);
  return IndexName === undefined ? aggregateOf(...texts) : `index ${IndexName}`;
};

const touched = (operation: string, input: DynamoDbInput): Pick<RecordedCall, 'reads' | 'writes'> => {
  const { TransactItems = [], RequestItems = {} } = input;
  switch (operation) {
    case 'Query':
      return { reads: [queried(input)], writes: [] };
    case 'GetItem':
      return { reads: [ofKey(input)], writes: [] };
    case 'TransactGetItems':
      return { reads: TransactItems.flatMap((item) => Object.values(item).map(ofKey)), writes: [] };
    case 'BatchGetItem': {
      const keys = Object.values(RequestItems).flatMap((asked) => ('Keys' in asked ? (asked.Keys ?? []) : []));
      return { reads: keys.map((Key) => ofKey({ Key })), writes: [] };
    }
    case 'TransactWriteItems':
      return { reads: [], writes: TransactItems.flatMap((item) => Object.values(item).map(ofKey)) };
    case 'BatchWriteItem': {
      const writes = Object.values(RequestItems).flatMap((asked) => (Array.isArray(asked) ? asked : []));
      return { reads: [], writes: writes.flatMap((item) => Object.values(item).map(ofKey)) };
    }
    default:
      return { reads: [], writes: [ofKey(input)] };
  }
};

const callOf = (service: string, target: string, body: string): RecordedCall => {
  if (target === '') {
    return { service, operation: new URLSearchParams(body).get('Action') ?? '', reads: [], writes: [] };
  }
  const operation = target.split('.').at(-1) ?? '';
  const of = service === 'dynamodb' ? touched(operation, JSON.parse(body) as DynamoDbInput) : { reads: [], writes: [] };
  return { service, operation, ...of };
};

/** Who signs puts the service into the scope. The embedded DynamoDB's engine is called with a signature of 0. */
const signedScope = /Credential=[^/]+\/\d{8}\/[^/]+\/([a-z]+)\/aws4_request.*Signature=[0-9a-f]{64}/;

/** Hears of every signed call that this process makes over `node:http`, as the SDK does, when it has been sent. */
export const onCall = (hear: (call: RecordedCall) => void): void =>
  subscribe('http.client.request.created', (message) => {
    const { request } = message as { request: ClientRequest };
    const parts: string[] = [];
    for (const method of ['write', 'end'] as const) {
      const send = request[method].bind(request) as (...args: unknown[]) => unknown;
      const sendAndKeep = (...args: unknown[]): unknown => {
        const [part] = args;
        if (typeof part === 'string' || part instanceof Uint8Array) parts.push(Buffer.from(part).toString());
        return send(...args);
      };
      Object.assign(request, { [method]: sendAndKeep });
    }
    request.once('finish', () => {
      const service = signedScope.exec(String(request.getHeader('authorization') ?? ''))?.[1];
      if (service) hear(callOf(service, String(request.getHeader('x-amz-target') ?? ''), parts.join('')));
    });
  });
