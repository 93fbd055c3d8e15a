import { describe, expect, it } from 'vitest';
import { jsonAnswer, jsonError, readJsonBody } from '#local/aws/wire/json.ts';

describe('AWS JSON', () => {
  it('writes times as seconds and bytes as base64', () => {
    const output = {
      at: new Date('2026-11-22T10:00:00.250Z'),
      list: [{ raw: new Uint8Array([1, 2, 3]) }],
      none: undefined,
      nil: null,
    };
    expect(JSON.parse(jsonAnswer(output))).toEqual({ at: 1795341600.25, list: [{ raw: 'AQID' }], nil: null });
  });

  it('names DynamoDB’s own errors in full, and the front door’s apart', () => {
    const type = (service: string, code: string): string =>
      JSON.parse(jsonError(service, { code, message: 'm', detail: {} })).__type;
    expect(type('dynamodb', 'ConditionalCheckFailedException')).toBe(
      'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
    );
    expect(type('dynamodb', 'AccessDeniedException')).toBe('com.amazon.coral.service#AccessDeniedException');
    expect(type('states', 'ExecutionDoesNotExist')).toBe('ExecutionDoesNotExist');
  });

  it('tells the further members of an error, which cannot replace its type', () => {
    const detail = { CancellationReasons: [{ Code: 'None' }], __type: 'other' };
    expect(JSON.parse(jsonError('states', { code: 'X', message: 'm', detail }))).toEqual({
      CancellationReasons: [{ Code: 'None' }],
      __type: 'X',
      message: 'm',
    });
  });

  it('reads an object, and nothing as an empty one', () => {
    expect(readJsonBody(Buffer.from(''))).toEqual({});
    expect(readJsonBody(Buffer.from('{"a":1}'))).toEqual({ a: 1 });
    for (const body of ['[]', '1', 'null', '{', '"x"']) {
      expect(() => readJsonBody(Buffer.from(body))).toThrow(
        expect.objectContaining({ code: 'SerializationException' }),
      );
    }
  });
});
