import { latestOf } from '#core/instant.ts';
import type { Ledger } from '#core/ledger/ledger.ts';
import type { ModelPorts } from '../instrument.ts';
import type { Bug } from './bug.ts';

type Statement = {
  Sid?: string;
  Effect: string;
  Condition: { DateLessThan: { 'aws:TokenIssueTime': string } } & Record<string, unknown>;
};

/** Writes another document than the one that was rendered, and shows the rendered one to whoever reads it back. */
export const writing =
  (change: (statements: Statement[], ledger: Ledger) => Statement[]) =>
  (ports: ModelPorts): ModelPorts => {
    const shown = new Map<string, { wrote: string; instead: string }>();
    return {
      ...ports,
      targetRoles: {
        ...ports.targetRoles,
        writeDeny: async (roleArn, document) => {
          const { Version, Statement } = JSON.parse(document) as { Version: string; Statement: Statement[] };
          const wrote = JSON.stringify({ Version, Statement: change(Statement, await ports.ledgers.get(roleArn)) });
          shown.set(roleArn, { wrote, instead: document });
          return ports.targetRoles.writeDeny(roleArn, wrote);
        },
        readDeny: async (roleArn) => {
          const found = await ports.targetRoles.readDeny(roleArn);
          const known = shown.get(roleArn);
          return found !== undefined && known?.wrote === found ? known.instead : found;
        },
      },
    };
  };

const isOurs = ({ Sid }: Statement): boolean => Sid?.startsWith('Daypass') === true;
const moved = (statement: Statement, byMs: number): Statement => {
  const before = Date.parse(statement.Condition.DateLessThan['aws:TokenIssueTime']);
  const earlier = new Date(before + byMs).toISOString();
  return { ...statement, Condition: { ...statement.Condition, DateLessThan: { 'aws:TokenIssueTime': earlier } } };
};

export const revokeByRole: Bug = {
  name: 'revoke by role',
  breaks: 'ending one grant denies everybody on the role',
  ports: writing((statements) =>
    statements.map((each) =>
      isOurs(each)
        ? { ...each, Sid: 'DaypassEverySession', Condition: { DateLessThan: each.Condition.DateLessThan } }
        : each,
    ),
  ),
};

export const wrongTagKey: Bug = {
  name: 'wrong tag key in the deny',
  breaks: 'the deny is there and matches nobody',
  ports: writing((statements) =>
    statements.map((each) =>
      JSON.parse(JSON.stringify(each).replace('aws:PrincipalTag/daypass:grant', 'aws:PrincipalTag/daypass-grant')),
    ),
  ),
};

export const noMargin: Bug = {
  name: 'no margin ahead',
  breaks: 'a session that STS issued just after the end lives on',
  ports: writing((statements, { entries }) =>
    statements.map((each) => {
      if (each.Sid !== 'DaypassGrants') return isOurs(each) ? moved(each, -30_000) : each;
      const revokedAt = latestOf(entries.map((entry) => entry.revokedAt));
      return { ...each, Condition: { ...each.Condition, DateLessThan: { 'aws:TokenIssueTime': revokedAt } } };
    }),
  ),
};

export const lowWatermark: Bug = {
  name: 'watermark too low on overflow',
  breaks: 'what was collapsed is no longer denied',
  ports: writing((statements) =>
    statements.map((each) => (each.Sid === 'DaypassEverySession' ? moved(each, -3_600_000) : each)),
  ),
};

export const deniesAll: Bug = {
  name: 'denies everybody where one person has more than fits',
  breaks: 'whoever asks and ends often enough ends the sessions of all others on the role',
  ports: writing((statements) =>
    statements.map((each) => {
      const { DateLessThan } = each.Condition;
      return each.Sid?.startsWith('DaypassPeople')
        ? { ...each, Sid: 'DaypassEverySession', Condition: { DateLessThan } }
        : each;
    }),
  ),
};

export const lowersTimestamp: Bug = {
  name: 'lowers a timestamp that a person set',
  breaks: 'what an operator denied works again',
  ports: writing((statements) => statements.map((each) => (isOurs(each) ? each : moved(each, -60_000)))),
};

export const dropsForeign: Bug = {
  name: 'drops the statements of others',
  breaks: 'what an operator denied works again',
  ports: writing((statements) => statements.filter(isOurs)),
};
