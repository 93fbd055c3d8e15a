import type { Fields, Place } from './check-fields.ts';
import { isFields, list, unknownFields, wholeNumber } from './check-fields.ts';

/** Problems of Retry and Catch. `checkExit` is the caller's check of Assign and Output. */

const errorNames = (entries: readonly Fields[], where: string): string[] =>
  entries.flatMap((entry, at) => {
    const names = list(entry.ErrorEquals);
    const here = `${where}[${at}].ErrorEquals`;
    if (names.length === 0 || names.some((name) => typeof name !== 'string')) {
      return [`${here} must be a list of error names with at least one.`];
    }
    if (!names.includes('States.ALL')) return [];
    return names.length > 1 || at < entries.length - 1
      ? [`${here}: States.ALL must stand alone, in the last entry of the list.`]
      : [];
  });

const checkRetrier = (retrier: Fields, where: string): string[] => {
  const { BackoffRate: rate, JitterStrategy: jitter, IntervalSeconds: interval = 1, MaxDelaySeconds: most } = retrier;
  return [
    ...unknownFields(
      retrier,
      'Comment ErrorEquals IntervalSeconds MaxAttempts BackoffRate MaxDelaySeconds JitterStrategy',
      where,
    ),
    ...wholeNumber(retrier, 'IntervalSeconds', 1, where),
    ...wholeNumber(retrier, 'MaxAttempts', 0, where),
    ...wholeNumber(retrier, 'MaxDelaySeconds', 1, where),
    ...(rate === undefined || (typeof rate === 'number' && rate >= 1)
      ? []
      : [`${where}.BackoffRate must be at least 1.`]),
    ...(jitter === undefined || jitter === 'FULL' || jitter === 'NONE'
      ? []
      : [`${where}.JitterStrategy must be FULL or NONE.`]),
    ...(typeof most === 'number' && typeof interval === 'number' && most <= interval
      ? [`${where}.MaxDelaySeconds must be greater than IntervalSeconds.`]
      : []),
  ];
};

export const checkRecovery = (
  state: Fields,
  place: Place,
  checkExit: (fields: Fields, where: string, place: Place) => string[],
): string[] => {
  const retriers = list(state.Retry).filter(isFields);
  const catchers = list(state.Catch).filter(isFields);
  const where = place.where;
  return [
    ...errorNames(retriers, `${where}.Retry`),
    ...retriers.flatMap((retrier, at) => checkRetrier(retrier, `${where}.Retry[${at}]`)),
    ...errorNames(catchers, `${where}.Catch`),
    ...catchers.flatMap((catcher, at) => {
      const here = `${where}.Catch[${at}]`;
      return [
        ...unknownFields(catcher, 'Comment ErrorEquals Next Assign Output', here),
        ...place.target(catcher.Next, `${here}.Next`),
        ...checkExit(catcher, here, place),
      ];
    }),
  ];
};
