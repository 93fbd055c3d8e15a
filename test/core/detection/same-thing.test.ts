import { expect, test } from 'vitest';
import { answered } from '#core/alert/answer.ts';
import { alertIdOf, folded, raised } from '#core/alert/fold.ts';
import type { Sample } from '#core/detection/detection.ts';
import type { Finding } from '#core/detection/finding.ts';
import { findingBy, lookingAt } from '#core/detection/findings.ts';
import { normalise } from '#core/detection/normalise.ts';
import { trailDetections } from '#core/detection/registry.ts';
import { noAnswers, sampleKnown } from '#core/detection/sample-world.ts';

type Fields = Readonly<Record<string, unknown>>;

const findingsIn = ({ event, known, answers }: Sample): Finding[] => {
  const read = normalise(event);
  if ('unparsed' in read) throw new Error(read.unparsed);
  const all = { ...sampleKnown, ...known };
  return lookingAt(read, all).flatMap((looking) => findingBy(looking, all, { ...noAnswers, ...answers }) ?? []);
};

const withDetail = (sample: Sample, change: (detail: Fields) => Fields): Sample => ({
  ...sample,
  event: { ...sample.event, detail: { ...change(sample.event.detail as Fields), eventID: 'another' } },
});

const at = '2026-11-22T10:06:00.000Z';

/** Whether the second is counted, and shown to nobody, under what somebody called expected. */
const isSwallowed = (one: Finding, other: Finding): boolean => {
  const id = alertIdOf(one, 0);
  if (alertIdOf(other, 0) !== id) return false;
  const alert = answered(raised(id, one, at).alert, { action: 'expected', at, by: 'bob' }).alert;
  return folded(alert, other, at).is !== 'next';
};

/** Another session of the same role, as another person has one; another user, another service. */
const bySomebodyElse = (detail: Fields): Fields => {
  const identity = detail.userIdentity as Record<string, string | undefined>;
  const renamed = (text: string | undefined) => text && `${text}-2`;
  return {
    ...detail,
    userIdentity: {
      ...identity,
      ...(identity.principalId && { principalId: renamed(identity.principalId), arn: renamed(identity.arn) }),
      ...(identity.invokedBy && { invokedBy: renamed(identity.invokedBy) }),
    },
  };
};

/** The same principal, for another person. */
const forSomebodyElse = (detail: Fields): Fields => {
  const identity = detail.userIdentity as Fields;
  const context = identity.sessionContext as Fields | undefined;
  const request = detail.requestParameters as Fields | null;
  return {
    ...detail,
    userIdentity: { ...identity, sessionContext: { ...context, sourceIdentity: 'mallory' } },
    ...(detail.eventName === 'AssumeRole' && { requestParameters: { ...request, sourceIdentity: 'mallory' } }),
  };
};

/** The same call with more to it; of a use, another call; of an assumption, other credentials. */
const anotherDeed = (detail: Fields): Fields => {
  const answer = detail.responseElements as { credentials?: Fields } | null;
  if (answer?.credentials) {
    return { ...detail, responseElements: { ...answer, credentials: { ...answer.credentials, accessKeyId: 'ASIA2' } } };
  }
  if (detail.eventSource !== 'iam.amazonaws.com') return { ...detail, eventName: 'DeleteItem' };
  return { ...detail, requestParameters: { ...(detail.requestParameters as Fields), description: 'another' } };
};

/** What a detection makes of its own samples, changed so. Where it then finds nothing, nothing is swallowed. */
const pairs = (change: (detail: Fields) => Fields): [string, Finding, Finding][] =>
  trailDetections.flatMap((detection) =>
    detection.samples.hits.flatMap((sample, index) => {
      const mine = ({ detection: id }: Finding): boolean => id === detection.id;
      const one = findingsIn(sample).find(mine);
      const other = findingsIn(withDetail(sample, change)).find(mine);
      return one && other ? [[`${detection.id} ${index + 1}`, one, other] as [string, Finding, Finding]] : [];
    }),
  );

const same = pairs((detail) => detail);

test('the table has every detection that looks at events', () => {
  expect(new Set(same.map(([name]) => name.split(' ')[0]))).toEqual(new Set(trailDetections.map(({ id }) => id)));
  for (const change of [bySomebodyElse, forSomebodyElse, anotherDeed]) {
    expect(pairs(change).length).toBeGreaterThan(same.length / 2);
  }
});

/** What does not say what exactly was done is each time another thing. */
const told = same.filter(([, { deed }]) => deed !== undefined);

test.each(told)('%s: the very same thing is swallowed by Expected', (_, one, other) => {
  expect(isSwallowed(one, other)).toBe(true);
});

test.each(pairs(bySomebodyElse))('%s: somebody else’s is not', (_, one, other) => {
  expect(isSwallowed(one, other)).toBe(false);
});

test.each(pairs(forSomebodyElse))('%s: what one principal did for another person is not', (_, one, other) => {
  expect(isSwallowed(one, other)).toBe(false);
});

test.each(pairs(anotherDeed))('%s: another deed of the same person is not', (_, one, other) => {
  expect(isSwallowed(one, other)).toBe(false);
});
