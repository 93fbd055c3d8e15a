import { parseRoleArn } from '#core/aws-role.ts';

/** What a lockdown ends, each by itself: a request and what was granted with it, or a managed role as a whole. */
export type LockdownSubject = { kind: 'request'; requestId: string } | { kind: 'role'; roleArn: string };

/** One text for each, as it is stored and as the workflow hands it on: the request's id, or the role's ARN. */
export const subjectText = (subject: LockdownSubject): string =>
  subject.kind === 'role' ? subject.roleArn : subject.requestId;

/** The other way round. No id of a request is an ARN. */
export const subjectFrom = (text: string): LockdownSubject =>
  parseRoleArn(text) ? { kind: 'role', roleArn: text } : { kind: 'request', requestId: text };
