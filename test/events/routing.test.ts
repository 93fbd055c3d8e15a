import { describe, expect, it } from 'vitest';
import { type DomainEvent, type EventName, events, parseEvent } from '#events/events.ts';
import { chainToFollow, gateToOpen, noticesOf, workflowToStart } from '#events/routing.ts';
import { rules } from '#events/rules/registry.ts';
import { matches } from '#local/aws/events/pattern.ts';

/**
 * Where each event goes, and what is done there with the request `R1`, the alert `A1` or the lockdown `L1`. Written by
 * hand: a line is what the product promises, and neither a rule nor a table is asked for it.
 */
const goesTo: Readonly<Record<EventName, readonly string[]>> = {
  'request.submitted': ['start-workflow: access-request R1', 'notify: card asked'],
  'request.refused': ['open-gate: AwaitApproval of R1', 'notify: card asked closed hit'],
  'request.approved': ['open-gate: AwaitApproval of R1', 'notify: card asked'],
  'request.denied': ['open-gate: AwaitApproval of R1', 'notify: card asked closed'],
  'request.cancelled': ['open-gate: AwaitApproval of R1', 'notify: card asked'],
  'request.lapsed': ['notify: card asked closed'],
  'vote.cast': ['notify: card extension live answered'],
  'votes.struck': ['notify: card asked extension live'],
  'grant.activated': ['notify: card live'],
  'extension.asked': ['notify: card extension live answered'],
  'extension.denied': ['notify: card extension live answered'],
  'grant.extended': ['open-gate: AwaitEnd of R1', 'notify: card extension live answered'],
  'session.minted': ['notify: nothing'],
  'session.chained': ['notify: nothing', 'follow-chain: chain of R1'],
  'grant.interrupted': ['notify: card interrupted'],
  'grant.ending': ['open-gate: AwaitEnd of R1', 'notify: card extension live answered hit'],
  'grant.ended': ['notify: card extension live answered closed hit'],
  'grant.revocation-failed': ['notify: card'],
  'action.refused': ['notify: refusal'],
  'login.confirmed': ['notify: login'],
  'alert.raised': ['start-workflow: alert-response A1', 'notify: card'],
  'alert.repeated': ['notify: card repeat'],
  'alert.answered': ['open-gate: AwaitAnswer of A1', 'notify: card'],
  'alert.closed': ['notify: card'],
  'lockdown.begun': ['start-workflow: lockdown L1', 'notify: card hit'],
  'lockdown.progressed': ['notify: card progress'],
  'lockdown.finished': ['notify: card finish'],
  'lockdown.lifted': ['notify: card lift freed'],
};

/** A detail that has what every kind of event needs; of what a kind does not know its schema leaves nothing. */
const detail = {
  eventId: 'E1',
  at: '2026-11-22T10:00:00.000Z',
  version: 1,
  requestId: 'R1',
  personId: 'alice',
  entitlementId: 'orders-admin',
  accountId: '222222222222',
  roleName: 'daypass-jit-orders-admin',
  alertId: 'A1',
  detection: 'assumed-without-grant',
  severity: 'high',
  lockdownId: 'L1',
  subject: 'person alice',
  slackUserId: 'U0ALICE',
  channelId: 'C0ACCESS',
  message: 'No.',
  next: 'Ask Bob.',
  loginId: 'D1',
};

/** What the functions that the domain rules feed do with an event; undefined for one that they only take and drop. */
const doneBy: Readonly<Record<string, (event: DomainEvent) => string | undefined>> = {
  'start-workflow': (event) => {
    const due = workflowToStart(event);
    return due && `${due.machine} ${due.name}`;
  },
  'open-gate': (event) => {
    const due = gateToOpen(event);
    return due && `${due.gate} of ${due.name}`;
  },
  'follow-chain': (event) => {
    const due = chainToFollow(event);
    return due && `chain of ${due.requestId}`;
  },
  notify: ({ name }) => noticesOf[name].join(' ') || 'nothing',
};

const domainRules = rules.filter(({ bus }) => bus === 'daypass');
const names = Object.keys(events) as EventName[];
const eventOf = (name: EventName): DomainEvent => {
  const event = parseEvent(name, detail);
  if (!event) throw new Error(`${name} is no event.`);
  return event;
};

it('every event goes somewhere', () => {
  expect(names.sort()).toEqual(Object.keys(goesTo).sort());
});

describe.each(names)('%s', (name) => {
  it('is sent where it is waited for, and nowhere else', () => {
    const event = eventOf(name);
    const sent = domainRules
      .filter(({ pattern }) => matches(pattern, { source: 'daypass', 'detail-type': name, detail: event.detail }))
      .map(({ target }) => `${target}: ${doneBy[target]?.(event)}`);
    expect(sent).toEqual(goesTo[name]);
  });

  it('is ignored where no rule sends it', () => {
    const event = eventOf(name);
    for (const [target, done] of Object.entries(doneBy)) {
      if (!goesTo[name].some((line) => line.startsWith(`${target}:`))) expect(done(event)).toBeUndefined();
    }
  });
});

it.each(domainRules.filter(({ pattern }) => 'detail-type' in pattern))(
  'each event that $name names has a sample',
  ({ pattern, samples }) => {
    expect(samples.matches.map((sample) => sample['detail-type']).sort()).toEqual(
      [...(pattern['detail-type'] as string[])].sort(),
    );
  },
);
