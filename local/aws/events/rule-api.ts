import { canonicalJson } from '#core/canonical-json.ts';
import { type AwsCall, AwsError, type Need } from '../service.ts';
import { checkPattern } from './check-pattern.ts';
import { isObject } from './flatten.ts';
import { defaultBus, type Rule, type RuleSet, type RuleTarget } from './rules.ts';

/** A refusal as the API reference words it. */
const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

const textIn = (input: AwsCall['input'], member: string): string | undefined => {
  const value = input[member];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const busIn = ({ input }: AwsCall): string =>
  (textIn(input, 'EventBusName') ?? defaultBus).replace(/^arn:.*:event-bus\//, '');

const nameIn = ({ action, input }: AwsCall): string => {
  const member = action === 'ListTargetsByRule' ? 'Rule' : 'Name';
  const name = textIn(input, member);
  if (name === undefined) {
    throw invalid(
      `1 validation error detected: Value at '${member.toLowerCase()}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return name;
};

/** Rules of the default bus have no bus in their ARN. */
const arnOf = ({ region }: AwsCall, accountId: string, bus: string, name: string): string =>
  `arn:aws:events:${region}:${accountId}:rule/${bus === defaultBus ? '' : `${bus}/`}${name}`;

/** The rules and the buses that they are on. */
type Rules = Pick<RuleSet, 'put' | 'find'> & {
  busNames: ReadonlySet<string>;
  /** A bus's resource policy as JSON. */
  busPolicy(busArn: string): string | undefined;
};

const busArnOf = ({ region, caller }: AwsCall, name: string): string =>
  `arn:aws:events:${region}:${caller.accountId}:event-bus/${name}`;

/** The call names the bus that it is about by `Name`, which may be left out. */
const describedBus = ({ input }: AwsCall): string =>
  (textIn(input, 'Name') ?? defaultBus).replace(/^arn:.*:event-bus\//, '');

const states: readonly string[] = ['ENABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', 'DISABLED'];

const stateIn = ({ input }: AwsCall): Rule['state'] => {
  const state = textIn(input, 'State') ?? 'ENABLED';
  if (states.includes(state)) return state as Rule['state'];
  throw invalid(`The state ${state} is none of ${states.join(', ')}.`);
};

const patternIn = ({ input }: AwsCall): Rule['pattern'] => {
  const text = textIn(input, 'EventPattern');
  try {
    const pattern: unknown = JSON.parse(text ?? '');
    if (isObject(pattern) && checkPattern(pattern).length === 0) return pattern as Rule['pattern'];
  } catch {
    // Said below.
  }
  throw new AwsError('InvalidEventPatternException', 'Event pattern is not valid.');
};

const destinationOf = ({ region, caller }: AwsCall, target: RuleTarget): Record<string, string> =>
  'functionName' in target
    ? { Arn: `arn:aws:lambda:${region}:${caller.accountId}:function:daypass-${target.functionName}` }
    : { Arn: target.eventBusArn, RoleArn: target.roleArn };

const actions: Readonly<Record<string, (call: AwsCall, rules: Rules) => Record<string, unknown>>> = {
  DescribeRule: (call, rules) => {
    const rule = found(call, rules);
    const bus = rule.eventBusName ?? defaultBus;
    return {
      Name: rule.name,
      Arn: arnOf(call, call.caller.accountId, bus, rule.name),
      EventPattern: canonicalJson(rule.pattern),
      State: rule.state,
      EventBusName: bus,
      CreatedBy: call.caller.accountId,
    };
  },
  ListTargetsByRule: (call, rules) => ({
    Targets: found(call, rules).targets.map((target) => ({
      Id: target.id,
      ...destinationOf(call, target),
      RetryPolicy: {
        MaximumRetryAttempts: target.retry.maximumRetryAttempts,
        MaximumEventAgeInSeconds: target.retry.maximumEventAgeInSeconds,
      },
    })),
  }),
  DescribeEventBus: (call, { busNames, busPolicy }) => {
    const name = describedBus(call);
    if (!busNames.has(name)) throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
    const policy = busPolicy(busArnOf(call, name));
    return { Name: name, Arn: busArnOf(call, name), ...(policy !== undefined && { Policy: policy }) };
  },
  DisableRule: (call, rules) => {
    rules.put({ ...found(call, rules), state: 'DISABLED' });
    return {};
  },
  // Not what it was before: as on AWS, this is plain ENABLED, whatever the rule had.
  EnableRule: (call, rules) => {
    rules.put({ ...found(call, rules), state: 'ENABLED' });
    return {};
  },
  PutRule: (call, rules) => {
    const rule = found(call, rules);
    rules.put({ ...rule, pattern: patternIn(call), state: stateIn(call) });
    return { RuleArn: arnOf(call, call.caller.accountId, rule.eventBusName ?? defaultBus, rule.name) };
  },
};

export const isRuleAction = (action: string): boolean => Object.hasOwn(actions, action);

/** Throws ResourceNotFoundException. */
const found = (call: AwsCall, rules: Rules): Rule => {
  const [name, bus] = [nameIn(call), busIn(call)];
  const rule = rules.find(call.caller.accountId, name, bus);
  if (rule) return rule;
  throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
};

export const needsOfRuleAction = (call: AwsCall): Need[] => [
  {
    action: `events:${call.action}`,
    resource:
      call.action === 'DescribeEventBus'
        ? busArnOf(call, describedBus(call))
        : arnOf(call, call.caller.accountId, busIn(call), nameIn(call)),
  },
];

/**
 * What of the API is about rules and their buses. A rule is known from code; here its state and pattern can be read and
 * changed, until the process ends.
 */
export const answerRuleAction = (call: AwsCall, rules: Rules): Record<string, unknown> => {
  const answer = actions[call.action];
  if (!answer) throw new AwsError('UnknownOperationException', `${call.action} is not about rules.`);
  return answer(call, rules);
};
