const joined = (items: readonly string[], word: string): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;

/** `bob, carol and dave`. */
export const allOf = (items: readonly string[]): string => joined(items, 'and');

/** `bob, carol or dave`. */
export const anyOf = (items: readonly string[]): string => joined(items, 'or');

/** `1 person of leads`, `2 people of leads or owners`. */
export const peopleOf = (count: number, groups: readonly string[]): string =>
  `${count} ${count === 1 ? 'person' : 'people'} of ${anyOf(groups)}`;
