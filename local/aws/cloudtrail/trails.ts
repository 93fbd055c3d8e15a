import type { DatabaseSync } from 'node:sqlite';
import { type AwsCall, AwsError, type AwsService } from '../service.ts';

/** The one trail of every account: multi-region, all management events. It writes no files. */
const trailName = 'embedded';
const homeRegion = 'us-east-1';

const schema = `
CREATE TABLE IF NOT EXISTS cloudtrail_stopped (account TEXT PRIMARY KEY, stopped_at_ms INTEGER NOT NULL) STRICT;`;

export type Trails = {
  /** Whether the account's events go on to EventBridge, which takes a trail that logs. */
  isLogging(accountId: string): boolean;
  isTrailAction(action: string): boolean;
  service: AwsService;
};

const arnOf = ({ caller }: AwsCall): string =>
  `arn:aws:cloudtrail:${homeRegion}:${caller.accountId}:trail/${trailName}`;

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html: a name or an ARN. */
const checkName = (call: AwsCall, member: 'Name' | 'TrailName'): void => {
  const name = call.input[member];
  if (name === trailName || name === arnOf(call)) return;
  if (typeof name !== 'string' || !/^[A-Za-z0-9][\w.-]{2,127}$|^arn:/.test(name)) {
    throw new AwsError('InvalidTrailNameException', 'Trail name or ARN is missing or not valid.');
  }
  throw new AwsError('TrailNotFoundException', `Unknown trail: ${name} for the user: ${call.caller.accountId}`);
};

const description = (call: AwsCall): Record<string, unknown> => ({
  Name: trailName,
  TrailARN: arnOf(call),
  HomeRegion: homeRegion,
  IncludeGlobalServiceEvents: true,
  IsMultiRegionTrail: true,
  IsOrganizationTrail: false,
  LogFileValidationEnabled: false,
  HasCustomEventSelectors: false,
  HasInsightSelectors: false,
});

/** When each account's trail was stopped; absent while it logs. */
type Stops = {
  atMs(accountId: string): number | undefined;
  add(accountId: string, atMs: number): void;
  remove(accountId: string): void;
};

const everything = {
  ReadWriteType: 'All',
  IncludeManagementEvents: true,
  DataResources: [],
  ExcludeManagementEventSources: [],
};

const actions: Readonly<Record<string, (call: AwsCall, stops: Stops) => Record<string, unknown>>> = {
  DescribeTrails: (call) => {
    const { trailNameList: names } = call.input;
    const asked = Array.isArray(names) && names.length > 0 ? names : [trailName];
    return { trailList: asked.some((name) => name === trailName || name === arnOf(call)) ? [description(call)] : [] };
  },
  GetTrailStatus: (call, stops) => {
    checkName(call, 'Name');
    const stoppedAtMs = stops.atMs(call.caller.accountId);
    return {
      IsLogging: stoppedAtMs === undefined,
      ...(stoppedAtMs !== undefined && { StopLoggingTime: stoppedAtMs / 1_000 }),
    };
  },
  GetEventSelectors: (call) => {
    checkName(call, 'TrailName');
    return { TrailARN: arnOf(call), EventSelectors: [everything] };
  },
  StopLogging: (call, stops) => {
    checkName(call, 'Name');
    stops.add(call.caller.accountId, call.atMs);
    return {};
  },
  StartLogging: (call, stops) => {
    checkName(call, 'Name');
    stops.remove(call.caller.accountId);
    return {};
  },
};

const openStops = (db: DatabaseSync): Stops => {
  db.exec(schema);
  const insert = db.prepare('INSERT OR IGNORE INTO cloudtrail_stopped (account, stopped_at_ms) VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM cloudtrail_stopped WHERE account = ?');
  const find = db.prepare('SELECT stopped_at_ms FROM cloudtrail_stopped WHERE account = ?');
  return {
    atMs: (accountId) => (find.get(accountId) as { stopped_at_ms: number } | undefined)?.stopped_at_ms,
    add: (accountId, atMs) => void insert.run(accountId, atMs),
    remove: (accountId) => void remove.run(accountId),
  };
};

/**
 * The trails of all accounts, and what of the API is about them. A trail that was stopped is so after a restart too.
 */
export const createTrails = (db: DatabaseSync): Trails => {
  const stops = openStops(db);
  return {
    isLogging: (accountId) => stops.atMs(accountId) === undefined,
    isTrailAction: (action) => Object.hasOwn(actions, action),
    service: {
      needs: (call) => [
        { action: `cloudtrail:${call.action}`, resource: call.action === 'DescribeTrails' ? '*' : arnOf(call) },
      ],
      handle: async (call) => {
        const answer = actions[call.action];
        if (answer) return answer(call, stops);
        throw new AwsError('UnsupportedOperationException', `${call.action} is not about trails.`);
      },
    },
  };
};
