import { revokerRoleName, roleEverywhere } from '#core/aws-role.ts';
import type { SettingName } from '#ports/setting.ts';

/** What a function is, as data: read by `serverless.ts`, the embedded stack and the tests. */
export type FunctionConfig = {
  /** Also the name of its folder; its role is `daypass-<name>` in the hub. */
  name: string;
  /** One sentence: what it is for. */
  description: string;
  trigger: Trigger;
  environment: readonly SettingName[];
  /** The command line as one file lies beside its code. */
  carriesCli?: true;
  /** Everything its role may do. `${…}` tokens are filled by `substitute()`. */
  statements: readonly PermissionStatement[];
  timeoutSec: number;
  memoryMb: number;
  /**
   * What a deployment may set aside for it, or hold it to, of the calls that the account runs at once: `ending` stands
   * between a click and the deny, `talking` is what may be many and can wait.
   */
  concurrency?: 'ending' | 'talking';
};

export type Trigger =
  /** A Task of a state machine. */
  | { kind: 'task' }
  /** An EventBridge rule of `events/rules` names it as its target. */
  | { kind: 'event' }
  /** Routes of the HTTP API, each a method and a path: `POST /slack/events`. What is larger is answered with 413. */
  | { kind: 'http'; routes: readonly string[]; bodyMaxBytes: number }
  /** Runs on a schedule; `event` rules may name it too. */
  | { kind: 'schedule'; everySec: number };

/** What a role may do. A test fails on whatever of it no end-to-end test needs (`test/permissions`). */
export type PermissionStatement = {
  /** Whole names, no `*`. */
  actions: readonly string[];
  resources: readonly string[];
  /** Only items of these partition keys (`REQUEST#*`): the condition `dynamodb:LeadingKeys`. */
  leadingKeys?: readonly string[];
  /** Why a resource is `*` or in whatever account. */
  wideBecause?: string;
  /** Why no end-to-end test can use any of it. */
  untestedBecause?: string;
};

const onItems =
  (action: 'GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query') =>
  (...leadingKeys: readonly string[]): PermissionStatement => ({
    actions: [`dynamodb:${action}`],
    resources: ['${table-arn}'],
    leadingKeys,
  });

/**
 * Items of the one table by their partition keys, which `adapters/aws/*-store.ts` make: a function that was taken over
 * reaches its own kinds of items and no others. A transaction asks for the permission of each of its parts:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export const gets = onItems('GetItem');
export const puts = onItems('PutItem');
export const updates = onItems('UpdateItem');
export const deletes = onItems('DeleteItem');
export const queries = onItems('Query');

export const queriesIndex = (...names: readonly ('byPerson' | 'byStatus')[]): PermissionStatement => ({
  actions: ['dynamodb:Query'],
  resources: names.map((name) => `\${table-arn}/index/${name}`),
});

/** What stands in the outbox is published, then removed from there. It got there with `puts`. */
export const publishes: readonly PermissionStatement[] = [
  { actions: ['events:PutEvents'], resources: ['${bus-arn}'] },
  deletes('OUTBOX'),
];

/**
 * The deny of managed roles is written by the revoker of the account, one writer per role at a time: for all who wait.
 */
export const writesDeny: readonly PermissionStatement[] = [
  gets('LEASE'),
  updates('LEASE', 'LEDGER'),
  queries('PROPOSED#*'),
  deletes('PROPOSED#*'),
  {
    actions: ['sts:AssumeRole'],
    resources: [roleEverywhere(revokerRoleName)],
    wideBecause:
      'The policy says which accounts there are. Each revoker lets in these functions alone, with its ExternalId.',
  },
];

/** What is revoked waits in the table until a writer has put it into the deny. */
export const revokes: readonly PermissionStatement[] = [puts('PROPOSED#*'), ...writesDeny];
