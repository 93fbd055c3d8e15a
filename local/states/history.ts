import type { EventRow } from './rows.ts';

/** The members of `…EventDetails` that `includeExecutionData: false` leaves out. */
const dataMembers = new Set(
  'input inputDetails output outputDetails parameters assignedVariables assignedVariablesDetails'.split(' '),
);

const withoutData = (details: unknown): unknown =>
  typeof details === 'object' && details !== null
    ? Object.fromEntries(Object.entries(details).filter(([member]) => !dataMembers.has(member)))
    : details;

/** A HistoryEvent. https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html */
export const historyEvent = (row: EventRow, includeData: boolean): Record<string, unknown> => {
  const detail = JSON.parse(row.detail) as Record<string, unknown>;
  const shown = includeData
    ? detail
    : Object.fromEntries(Object.entries(detail).map(([member, details]) => [member, withoutData(details)]));
  return { timestamp: new Date(row.atMs), type: row.type, id: row.id, previousEventId: row.previous, ...shown };
};
