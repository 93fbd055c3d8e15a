import { describe, expect, it } from 'vitest';
import { check } from '#local/states/check.ts';
import { createRig } from './rig.ts';

const machine = (state: object, more: object = {}) => ({
  QueryLanguage: 'JSONata',
  StartAt: 'S',
  States: { S: { End: true, ...state } },
  ...more,
});
const invoke = 'arn:aws:states:::lambda:invoke';
const work = { Type: 'Task', Resource: invoke, Arguments: { FunctionName: 'work' } };
const waiting = { ...work, Resource: `${invoke}.waitForTaskToken` };
const inner = { StartAt: 'In', States: { In: { Type: 'Pass', End: true } } };

describe('refused by name', () => {
  it.each<[string, object, RegExp]>([
    [
      'JSONPath machines',
      { ...machine({ Type: 'Pass' }), QueryLanguage: 'JSONPath' },
      /QueryLanguage must be "JSONata"/,
    ],
    ['JSONPath states', machine({ Type: 'Pass', QueryLanguage: 'JSONPath' }), /States\.S\.QueryLanguage/],
    ['JSONPath fields', machine({ Type: 'Pass', ResultPath: '$.a' }), /S\.ResultPath belongs to JSONPath/],
    ['unknown fields of the machine', machine({ Type: 'Pass' }, { Extra: 1 }), /Machine\.Extra is not implemented/],
    ['unknown fields of a state', machine({ Type: 'Pass', Extra: 1 }), /S\.Extra is not implemented/],
    ['unknown state types', machine({ Type: 'Sleep' }), /"Sleep" is not a state type/],
    ['types of the prototype', machine({ Type: 'constructor' }), /"constructor" is not a state type/],
    [
      'other integrations',
      machine({ ...work, Resource: 'arn:aws:states:::sns:publish' }),
      /sns:publish" is not implemented/,
    ],
    [
      '.sync',
      machine({ ...work, Resource: 'arn:aws:states:::states:startExecution.sync:2' }),
      /sync:2" is not implemented/,
    ],
    [
      'activities',
      machine({ ...work, Resource: 'arn:aws:states:us-east-1:111111111111:activity:a' }),
      /activity:a" is not/,
    ],
    ['Credentials', machine({ ...work, Credentials: { RoleArn: 'x' } }), /S\.Credentials is not implemented/],
    [
      'other Lambda arguments',
      machine({ ...work, Arguments: { FunctionName: 'a', Qualifier: '1' } }),
      /Arguments\.Qualifier/,
    ],
    ['a task without a function', machine({ ...work, Arguments: {} }), /FunctionName is missing/],
    [
      'Distributed Map',
      machine({ Type: 'Map', ItemProcessor: { ...inner, ProcessorConfig: { Mode: 'DISTRIBUTED' } } }),
      /"DISTRIBUTED" is not implemented/,
    ],
    ['ItemReader', machine({ Type: 'Map', ItemProcessor: inner, ItemReader: {} }), /S\.ItemReader is not implemented/],
    ['a token wait that keeps its token', machine(waiting), /waits for a task token that its Arguments do not pass on/],
    [
      'a task token outside the Arguments of a token wait',
      machine({ Type: 'Pass', Output: '{% $states.context.Task.Token %}' }),
      /S\.Output reads the task token/,
    ],
    [
      'a heartbeat that nobody can send',
      machine({ ...work, HeartbeatSeconds: 5 }),
      /HeartbeatSeconds needs a token wait/,
    ],
    [
      'a heartbeat that is no shorter than the timeout',
      machine({
        ...waiting,
        Arguments: { FunctionName: 'a', Payload: '{% $states.context.Task.Token %}' },
        TimeoutSeconds: 5,
        HeartbeatSeconds: 5,
      }),
      /HeartbeatSeconds must be less than TimeoutSeconds/,
    ],
    ['an expression that does not parse', machine({ Type: 'Pass', Output: '{% 1 + %}' }), /S\.Output is not JSONata/],
    ['half an expression', machine({ Type: 'Pass', Output: '{% 1' }), /only one of the delimiters/],
    ['$eval', machine({ Type: 'Pass', Output: '{% $eval("1") %}' }), /calls \$eval/],
    ['a bare field name', machine({ Type: 'Pass', Output: '{% id & "x" %}' }), /reads 'id' at the top level/],
    ['$ at the top level', machine({ Type: 'Pass', Output: '{% $.id %}' }), /reads '\$' at the top level/],
    [
      'States.ALL beside other names',
      machine({ ...work, Retry: [{ ErrorEquals: ['States.ALL', 'A'] }] }),
      /States\.ALL must stand alone/,
    ],
    [
      'States.ALL before other entries',
      machine({ ...work, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }] }),
      /States\.ALL must stand alone, in the last entry/,
    ],
    [
      'a backoff that shrinks',
      machine({ ...work, Retry: [{ ErrorEquals: ['A'], BackoffRate: 0.5 }] }),
      /BackoffRate must be at least 1/,
    ],
    ['a catcher to nowhere', machine({ ...work, Catch: [{ ErrorEquals: ['A'], Next: 'Gone' }] }), /names "Gone"/],
    [
      'a transition out of a branch',
      machine({ Type: 'Parallel', Branches: [{ StartAt: 'In', States: { In: { Type: 'Pass', Next: 'S' } } }] }),
      /names "S", which is not a state of its scope/,
    ],
    ['no way onward', machine({ Type: 'Pass', End: undefined }), /needs either Next or "End": true/],
    [
      'no way to end',
      { QueryLanguage: 'JSONata', StartAt: 'S', States: { S: { Type: 'Pass', Next: 'S' } } },
      /no state that ends it/,
    ],
    ['a wait for nothing', machine({ Type: 'Wait' }), /needs either Seconds or Timestamp/],
    ['a variable named states', machine({ Type: 'Pass', Assign: { states: 1 } }), /Assign\.states is reserved/],
    [
      'an inner Assign to an outer variable',
      machine({
        Type: 'Parallel',
        Assign: { x: 1 },
        Branches: [{ StartAt: 'In', States: { In: { Type: 'Pass', Assign: { x: 2 }, End: true } } }],
      }),
      /variable of an outer scope/,
    ],
    [
      'two states of one name',
      machine({ Type: 'Parallel', Branches: [inner, inner] }),
      /another state of the machine has this name/,
    ],
  ])('%s', (_, definition, problem) => {
    expect(check(definition).join('\n')).toMatch(problem);
  });

  it('all at once: deploying names every problem', () => {
    const rig = createRig();
    const bad = {
      StartAt: 'S',
      States: { S: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', End: true, Parameters: {} } },
    };
    expect(() => rig.deploy(bad, 'broken')).toThrow(/broken cannot run here:[\s\S]*Parameters[\s\S]*sqs:sendMessage/);
  });

  it('not: field names inside a path, a predicate or a function', () => {
    expect(check(machine({ Type: 'Pass', Output: '{% $states.input.items[price > 3].{"n": name} %}' }))).toEqual([]);
    expect(check(machine({ Type: 'Pass', Output: '{% $map($states.input, function($v) { $v.id }) %}' }))).toEqual([]);
  });
});
