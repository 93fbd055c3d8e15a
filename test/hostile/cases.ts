import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { apiCalls, type Call } from './calls.ts';
import { anyMutation, type Mutation, mutated } from './mutations.ts';
import { type Sender, type Shape, slackShapes } from './shapes.ts';
import { type Stage, signingSecret } from './stage.ts';
import { formOf, jsonOf, textsIn, treeOf } from './tree.ts';

/** How the text of a payload is put on the wire. */
const wires = [
  'as it is',
  'cut',
  'more behind',
  'byte order mark',
  'other type',
  'a thousand fields',
  'zero byte',
] as const;
type Wire = (typeof wires)[number];

/** Who sends it: of our workspace; nobody we know; an approver's id from elsewhere; the same through Slack Connect. */
const ours = (slackId: string): Sender => ({ slackId, team: 'T0DAYPASS', home: 'T0DAYPASS' });
const senders = {
  alice: ours('U0ALICE'),
  bob: ours('U0BOB'),
  carol: ours('U0CAROL'),
  dave: ours('U0DAVE'),
  stranger: ours('U0STRANGER'),
  elsewhere: { slackId: 'U0BOB', team: 'T0EVIL', home: 'T0EVIL' },
  connected: { slackId: 'U0BOB', team: 'T0DAYPASS', home: 'T0EVIL' },
  organisation: { slackId: 'U0CAROL', team: 'T0EVIL', home: 'E0EVIL', enterprise: 'E0EVIL' },
} as const satisfies Record<string, Sender>;
const people = ['alice', 'bob', 'carol', 'dave'] as const;
type Person = (typeof people)[number];

export type Case =
  | { to: 'slack'; shape: string; sender: keyof typeof senders; mutations: Mutation[]; wire: Wire; nth: number }
  | { to: 'api'; call: string; token: string; mutations: Mutation[]; wire: Wire; id: string; key: string; nth: number };

/** What is sent, and what is known of it by construction or by reading it again. */
export type Sent = {
  to: 'slack' | 'api' | 'mint';
  event: APIGatewayProxyEventV2;
  /** Whose right it has, if anybody's. */
  actor: Person | undefined;
  /** Where nothing at all may happen, whatever it says. */
  powerless: boolean;
  texts: readonly string[];
  name: string;
};

const wired = (text: string, wire: Wire): string => {
  switch (wire) {
    case 'cut':
      return text.slice(0, Math.floor(text.length * 0.7));
    case 'more behind':
      return `${text}}&payload={}&user_id=U0STRANGER`;
    case 'byte order mark':
      return `\ufeff${text}`;
    case 'a thousand fields':
      return `${'a=1&'.repeat(1_001)}${text}`;
    case 'zero byte':
      return `${text}\u0000`;
    default:
      return text;
  }
};

const jsonType = 'application/json';
const formType = 'application/x-www-form-urlencoded';

const eventOf = (method: string, path: string, headers: Record<string, string>, body: string | undefined, id = '') =>
  ({
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers,
    pathParameters: { id },
    ...(body !== undefined && { body: Buffer.from(body).toString('base64') }),
    isBase64Encoded: body !== undefined,
    requestContext: { http: { method, path, sourceIp: '192.0.2.7', protocol: 'HTTP/1.1', userAgent: 'test' } },
  }) as unknown as APIGatewayProxyEventV2;

const parsed = (text: string): { user?: { id?: unknown; team_id?: unknown } } | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};
const personOf = (slackId: unknown): Person | undefined => people.find((id) => senders[id].slackId === slackId);

const slackCase = (stage: Stage, shapes: readonly Shape[], given: Extract<Case, { to: 'slack' }>): Sent => {
  const fitting = shapes.filter(({ name }) => name === given.shape);
  const shape = fitting[given.nth % fitting.length] as Shape;
  const sender = senders[given.sender];
  const tree = mutated(treeOf(shape.make(sender)), given.mutations);
  const isEvent = shape.name.startsWith('event');
  const plain = shape.form ? formOf(tree) : isEvent ? jsonOf(tree) : formOf({ members: [['payload', jsonOf(tree)]] });
  const text = wired(plain, given.wire);
  const isJson = (given.wire === 'other type') !== isEvent;
  const fields = new URLSearchParams(text);
  const body = isJson ? parsed(text) : parsed(fields.get('payload') ?? '');
  const users = isJson || body ? [body?.user?.id] : fields.getAll('user_id');
  const known = (people as readonly string[]).includes(given.sender);
  const stillConnected = given.sender !== 'connected' || body?.user?.team_id === 'T0EVIL';
  const timestamp = String(Math.floor(stage.clock.nowMs() / 1000));
  const digest = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${text}`).digest('hex');
  const headers = {
    'content-type': isJson ? jsonType : formType,
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${digest}`,
  };
  return {
    to: 'slack',
    event: eventOf('POST', '/slack/events', headers, text),
    actor: users.length === 1 ? personOf(users[0]) : undefined,
    powerless: !known && stillConnected,
    texts: isJson || body ? textsIn(body) : [...fields].flat(),
    name: shape.name,
  };
};

const apiCase = (stage: Stage, calls: readonly Call[], given: Extract<Case, { to: 'api' }>): Sent => {
  const fitting = calls.filter(({ name }) => name === given.call);
  const call = fitting[given.nth % fitting.length] as Call;
  const person = people.find((each) => each === given.token);
  const token = person === undefined ? given.token : stage.tokens[person].token;
  const tree = mutated(treeOf(call.body ?? {}), given.mutations);
  const isForm = call.form !== (given.wire === 'other type');
  const text = call.body && wired(isForm ? formOf(tree) : jsonOf(tree), given.wire);
  const path = given.id === '' ? call.path : call.path.replace(/[0-9A-Z]{26}/, () => given.id);
  const headers = {
    'content-type': isForm ? formType : jsonType,
    ...(token !== '' && { authorization: `Bearer ${token}` }),
    ...call.headers,
    ...(given.key !== '' && { 'idempotency-key': given.key }),
  };
  const [, , , id = '', verb] = path.split('/');
  const body = text === undefined ? undefined : isForm ? [...new URLSearchParams(text)] : parsed(text);
  return {
    to: call.method === 'POST' && verb === 'credentials' ? 'mint' : 'api',
    event: eventOf(call.method, path, headers, text, id),
    actor: person,
    powerless: false,
    texts: [path, ...textsIn(body)],
    name: call.name,
  };
};

/** Cases, and what each of them sends. */
export const casesOn = (stage: Stage) => {
  const shapes = slackShapes(stage);
  const calls = apiCalls(stage);
  const ids = Object.values(stage.ids);
  const mutation = anyMutation(ids);
  const mutations = fc.oneof(
    { weight: 1, arbitrary: fc.constant<Mutation[]>([]) },
    { weight: 6, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 3 }) },
  );
  const wire = fc.oneof({ weight: 12, arbitrary: fc.constant<Wire>('as it is') }, fc.constantFrom(...wires));
  const nth = fc.nat(5);
  const names = (of: readonly { name: string }[]) => [...new Set(of.map(({ name }) => name))];
  const slack: fc.Arbitrary<Case> = fc.record({
    to: fc.constant('slack' as const),
    shape: fc.constantFrom(...names(shapes)),
    sender: fc.constantFrom(...(Object.keys(senders) as (keyof typeof senders)[])),
    ...{ mutations, wire, nth },
  });
  const odd = [
    'x',
    'x'.repeat(300),
    '\ud835',
    '%00',
    'a b',
    '__proto__',
    '0'.repeat(26),
    'İ',
    '8ZZZZZZZZZZZZZZZZZZZZZZZZZ',
  ];
  const api: fc.Arbitrary<Case> = fc.record({
    to: fc.constant('api' as const),
    call: fc.constantFrom(...names(calls)),
    token: fc.constantFrom(...people, ...people, '', 'x'.repeat(40), stage.deviceCode, '\ud835'),
    id: fc.oneof({ weight: 4, arbitrary: fc.constant('') }, fc.constantFrom(...ids), fc.constantFrom(...odd)),
    key: fc.constantFrom('', '', '', ' ', 'x'.repeat(201), '\ud835', '__proto__'),
    ...{ mutations, wire, nth },
  });
  const plain = { wire: 'as it is', id: '', key: '' } as const;
  /** Each as it really is, by each person. */
  const real: Case[] = people.flatMap((who) => [
    ...shapes.map(
      ({ name: shape }, nth): Case => ({ to: 'slack', shape, sender: who, nth, wire: 'as it is', mutations: [] }),
    ),
    ...calls.map(({ name: call }, nth): Case => ({ to: 'api', call, token: who, nth, ...plain, mutations: [] })),
  ]);
  return {
    real,
    any: fc.oneof({ weight: 3, arbitrary: slack }, { weight: 1, arbitrary: api }),
    sentBy: (given: Case): Sent =>
      given.to === 'slack' ? slackCase(stage, shapes, given) : apiCase(stage, calls, given),
  };
};
