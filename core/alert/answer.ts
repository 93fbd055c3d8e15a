import type { AlertAnswer, AnsweredAlert, ClosedAlert, OpenAlert } from './alert.ts';
import { alertEvent } from './alert-event.ts';
import type { AlertChange } from './fold.ts';

/** The one answer an alert gets. */
export const answered = (alert: OpenAlert, answer: AlertAnswer): AlertChange<AnsweredAlert> => {
  const next: AnsweredAlert = { ...alert, version: alert.version + 1, status: 'answered', answer };
  return { alert: next, events: [alertEvent('alert.answered', next, answer.at, answer.by)] };
};

/** What the answer asked for was done; `result` says what, in one sentence for people. */
export const closed = (alert: AnsweredAlert, result: string, at: string): AlertChange<ClosedAlert> => {
  const { failure: _, ...rest } = alert;
  const next: ClosedAlert = { ...rest, version: alert.version + 1, status: 'closed', closedAt: at, result };
  return { alert: next, events: [alertEvent('alert.closed', next, at, alert.answer.by)] };
};

/** It could not be done. The alert stays answered, and everybody sees why; told once per error. */
export const failed = (alert: AnsweredAlert, error: string, at: string): AlertChange<AnsweredAlert> | undefined => {
  if (alert.failure?.error === error) return undefined;
  const next: AnsweredAlert = { ...alert, version: alert.version + 1, failure: { at, error } };
  return { alert: next, events: [alertEvent('alert.answered', next, at, alert.answer.by)] };
};
