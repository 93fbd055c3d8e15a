import { checkTemplate, readsToken } from './check-expression.ts';
import { countOrExpression, type Fields, isFields, list, type Place, unknownFields } from './check-fields.ts';
import { checkRecovery } from './check-recovery.ts';
import { invokeResource, tokenResource } from './definition.ts';
import { expressionIn } from './expression.ts';

const checkAssign = (assign: unknown, where: string, outer: ReadonlySet<string>): string[] => {
  if (assign === undefined) return [];
  if (!isFields(assign)) return [`${where}.Assign must be an object of variables.`];
  return Object.keys(assign).flatMap((name) => {
    const here = `${where}.Assign.${name}`;
    if (!/^[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u.test(name)) return [`${here} is not a variable name.`];
    if (name === 'states') return [`${here} is reserved.`];
    return outer.has(name) ? [`${here} is a variable of an outer scope, which an inner one can only read.`] : [];
  });
};

/** Assign and Output of a state, a choice rule or a catcher. */
const checkExit = (fields: Fields, where: string, place: Place): string[] => [
  ...checkAssign(fields.Assign, where, place.outerVariables),
  ...checkTemplate(fields.Assign, `${where}.Assign`),
  ...checkTemplate(fields.Output, `${where}.Output`),
];

const checkOnward = (state: Fields, place: Place): string[] => {
  const { Next: next, End: end } = state;
  if ((next === undefined) === (end === undefined)) return [`${place.where} needs either Next or "End": true.`];
  if (end !== undefined) return end === true ? [] : [`${place.where}.End must be true.`];
  return place.target(next, `${place.where}.Next`);
};

const checkTask = (state: Fields, place: Place): string[] => {
  const { Resource: resource, Arguments: given, TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  const where = place.where;
  const waits = resource === tokenResource;
  const problems = [
    ...countOrExpression(state, 'TimeoutSeconds', 1, where),
    ...countOrExpression(state, 'HeartbeatSeconds', 1, where),
    ...checkTemplate([timeout, heartbeat], where),
    ...checkTemplate(given, `${where}.Arguments`, waits),
  ];
  if (!waits && resource !== invokeResource) {
    problems.push(
      `${where}.Resource ${JSON.stringify(resource)} is not implemented: only ${invokeResource} and ${tokenResource} are.`,
    );
  }
  if (isFields(given)) {
    problems.push(...unknownFields(given, 'FunctionName Payload', `${where}.Arguments`));
    if (typeof given.FunctionName !== 'string') problems.push(`${where}.Arguments.FunctionName is missing.`);
  } else if (typeof given !== 'string' || expressionIn(given) === undefined) {
    problems.push(`${where}.Arguments must be an object with FunctionName and Payload, or an expression.`);
  }
  if (waits && !readsToken(given)) {
    problems.push(`${where} waits for a task token that its Arguments do not pass on ($states.context.Task.Token).`);
  }
  if (!waits && heartbeat !== undefined)
    problems.push(`${where}.HeartbeatSeconds needs a token wait: nothing else can send one.`);
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    problems.push(`${where}.HeartbeatSeconds must be less than TimeoutSeconds.`);
  }
  return problems;
};

const checkChoice = (state: Fields, place: Place): string[] => {
  const rules = list(state.Choices);
  return [
    ...(rules.length === 0 ? [`${place.where}.Choices must have at least one rule.`] : []),
    ...(state.Default === undefined ? [] : place.target(state.Default, `${place.where}.Default`)),
    ...rules.flatMap((rule, at) => {
      const here = `${place.where}.Choices[${at}]`;
      if (!isFields(rule)) return [`${here} must be an object.`];
      const isCondition =
        typeof rule.Condition === 'boolean' ||
        (typeof rule.Condition === 'string' && expressionIn(rule.Condition) !== undefined);
      return [
        ...unknownFields(rule, 'Comment Condition Next Assign Output', here),
        ...(isCondition ? [] : [`${here}.Condition must be an expression.`]),
        ...checkTemplate(rule.Condition, `${here}.Condition`),
        ...place.target(rule.Next, `${here}.Next`),
        ...checkExit(rule, here, place),
      ];
    }),
  ];
};

const checkWait = (state: Fields, place: Place): string[] => {
  const { Seconds: seconds, Timestamp: timestamp } = state;
  const where = place.where;
  const isInstant =
    timestamp === undefined ||
    (typeof timestamp === 'string' && (expressionIn(timestamp) !== undefined || !Number.isNaN(Date.parse(timestamp))));
  return [
    ...((seconds === undefined) === (timestamp === undefined) ? [`${where} needs either Seconds or Timestamp.`] : []),
    ...countOrExpression(state, 'Seconds', 0, where),
    ...(isInstant ? [] : [`${where}.Timestamp must be an ISO 8601 instant.`]),
    ...checkTemplate([seconds, timestamp], where),
  ];
};

const common = 'Type Comment QueryLanguage';
const onward = `${common} Assign Output Next End`;
const recovering = `${onward} Retry Catch`;

/** What each state type may hold. */
const known: Readonly<Record<string, string>> = {
  Task: `${recovering} Resource Arguments TimeoutSeconds HeartbeatSeconds`,
  Choice: `${common} Assign Output Choices Default`,
  Wait: `${onward} Seconds Timestamp`,
  Pass: onward,
  Succeed: `${common} Output`,
  Fail: `${common} Error Cause`,
  Parallel: `${recovering} Branches Arguments`,
  Map: `${recovering} ItemProcessor Items ItemSelector MaxConcurrency`,
};

/** Problems of one state, without those of the scopes inside it. */
export const checkState = (state: Fields, place: Place): string[] => {
  const type = String(state.Type);
  const where = place.where;
  const fields = Object.hasOwn(known, type) ? known[type] : undefined;
  if (fields === undefined) return [`${where}.Type ${JSON.stringify(state.Type)} is not a state type.`];
  const problems = [...unknownFields(state, fields, where), ...checkExit(state, where, place)];
  if (state.QueryLanguage !== undefined && state.QueryLanguage !== 'JSONata') {
    problems.push(`${where}.QueryLanguage must be JSONata.`);
  }
  if (!['Choice', 'Succeed', 'Fail'].includes(type)) problems.push(...checkOnward(state, place));
  if (['Task', 'Parallel', 'Map'].includes(type)) problems.push(...checkRecovery(state, place, checkExit));
  if (type === 'Task') problems.push(...checkTask(state, place));
  if (type === 'Choice') problems.push(...checkChoice(state, place));
  if (type === 'Wait') problems.push(...checkWait(state, place));
  if (type === 'Fail') problems.push(...checkTemplate([state.Error, state.Cause], where));
  if (type === 'Parallel') problems.push(...checkTemplate(state.Arguments, `${where}.Arguments`));
  if (type === 'Map') {
    problems.push(...countOrExpression(state, 'MaxConcurrency', 0, where));
    problems.push(...checkTemplate([state.Items, state.ItemSelector, state.MaxConcurrency], where));
  }
  return problems;
};
