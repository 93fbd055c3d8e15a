import { type Fields, isFields, list, type Place, unknownFields, wholeNumber } from './check-fields.ts';
import { checkState } from './check-state.ts';
import type { Definition } from './definition.ts';

/** Variables that the states of this scope itself assign. */
const assignedIn = (states: Fields): string[] =>
  Object.values(states)
    .filter(isFields)
    .flatMap((state) => [state, ...list(state.Choices), ...list(state.Catch)])
    .flatMap((part) => (isFields(part) && isFields(part.Assign) ? Object.keys(part.Assign) : []));

type Inner = { scope: unknown; where: string };

/** The scopes inside a state, and the problems of what holds them. */
const innerScopes = (state: Fields, where: string): { inner: Inner[]; problems: string[] } => {
  if (state.Type === 'Parallel') {
    const branches = list(state.Branches);
    return {
      inner: branches.map((scope, at) => ({ scope, where: `${where}.Branches[${at}]` })),
      problems: [
        ...(branches.length === 0 ? [`${where}.Branches must have at least one branch.`] : []),
        ...branches
          .filter(isFields)
          .flatMap((branch, at) => unknownFields(branch, 'Comment StartAt States', `${where}.Branches[${at}]`)),
      ],
    };
  }
  if (state.Type !== 'Map') return { inner: [], problems: [] };
  const processor = isFields(state.ItemProcessor) ? state.ItemProcessor : {};
  const config = isFields(processor.ProcessorConfig) ? processor.ProcessorConfig : {};
  const here = `${where}.ItemProcessor`;
  return {
    inner: [{ scope: processor, where: here }],
    problems: [
      ...unknownFields(processor, 'Comment StartAt States ProcessorConfig', here),
      ...unknownFields(config, 'Mode', `${here}.ProcessorConfig`),
      ...(config.Mode === undefined || config.Mode === 'INLINE'
        ? []
        : [`${here}.ProcessorConfig.Mode ${JSON.stringify(config.Mode)} is not implemented: only INLINE is.`]),
    ],
  };
};

const checkScope = (
  scope: unknown,
  where: string,
  outerVariables: ReadonlySet<string>,
  seen: Set<string>,
): string[] => {
  if (!isFields(scope) || !isFields(scope.States)) return [`${where}.States is missing.`];
  const states = scope.States;
  const target = (name: unknown, from: string): string[] =>
    typeof name === 'string' && Object.hasOwn(states, name)
      ? []
      : [`${from} names ${JSON.stringify(name)}, which is not a state of its scope.`];
  const visible = new Set([...outerVariables, ...assignedIn(states)]);
  const ends = Object.values(states).some(
    (state) => isFields(state) && (state.End === true || state.Type === 'Succeed' || state.Type === 'Fail'),
  );
  const problems = target(scope.StartAt, `${where}.StartAt`);
  if (!ends) problems.push(`${where} has no state that ends it.`);
  for (const [name, state] of Object.entries(states)) {
    const here = `${where}.States.${name}`;
    if (name.length < 1 || name.length > 80) problems.push(`${here}: a state's name has 1 to 80 characters.`);
    if (seen.has(name)) problems.push(`${here}: another state of the machine has this name.`);
    seen.add(name);
    if (!isFields(state)) {
      problems.push(`${here} must be an object.`);
      continue;
    }
    const place: Place = { where: here, outerVariables, target };
    const { inner, problems: holding } = innerScopes(state, here);
    problems.push(...checkState(state, place), ...holding);
    for (const nested of inner) problems.push(...checkScope(nested.scope, nested.where, visible, seen));
  }
  return problems;
};

/**
 * Every problem of a definition, in words: what is wrong, and what is valid but not implemented here. Empty means it
 * runs.
 */
export const check = (definition: unknown): string[] => {
  if (!isFields(definition)) return ['The definition must be an object.'];
  return [
    ...unknownFields(definition, 'Comment QueryLanguage StartAt States TimeoutSeconds Version', 'Machine'),
    ...(definition.QueryLanguage === 'JSONata'
      ? []
      : ['Machine.QueryLanguage must be "JSONata": JSONPath is not implemented.']),
    ...(definition.Version === undefined || definition.Version === '1.0' ? [] : ['Machine.Version must be "1.0".']),
    ...wholeNumber(definition, 'TimeoutSeconds', 1, 'Machine'),
    ...checkScope(definition, 'Machine', new Set(), new Set()),
  ];
};

/** The definition, once `check` finds nothing. Throws an Error that lists every problem. */
export const checkedDefinition = (name: string, definition: unknown): Definition => {
  const problems = check(definition);
  if (problems.length > 0) {
    throw new Error(`The state machine ${name} cannot run here:\n- ${problems.join('\n- ')}`);
  }
  return definition as Definition;
};
