import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readQuery } from '#local/aws/wire/query.ts';
import { xmlAnswer, xmlError } from '#local/aws/wire/xml.ts';

describe('a Query request', () => {
  it('unfolds lists of structures in the order of their numbers', () => {
    const form =
      'Action=AssumeRole&Version=2011-06-15&Tags.member.2.Key=b&Tags.member.2.Value=2&Tags.member.10.Key=c&Tags.member.10.Value=3&Tags.member.1.Key=a&Tags.member.1.Value=1%2B1&TransitiveTagKeys.member.1=a&DurationSeconds=900';
    expect(readQuery(form)).toEqual({
      action: 'AssumeRole',
      version: '2011-06-15',
      input: {
        Tags: [
          { Key: 'a', Value: '1+1' },
          { Key: 'b', Value: '2' },
          { Key: 'c', Value: '3' },
        ],
        TransitiveTagKeys: ['a'],
        DurationSeconds: 900,
      },
    });
  });

  it('knows an empty list from an empty text', () => {
    expect(readQuery('Action=A&Tags=&Description=').input).toEqual({ Tags: [], Description: '' });
  });

  it.each([
    ['no action', 'Version=2011-06-15', 'The request is missing an action.'],
    ['a name that is none', 'Action=A&a..b=1', 'is not of the Query protocol'],
    ['a name of a prototype', 'Action=A&__proto__.x=1', 'is not of the Query protocol'],
    ['a number out of bounds', 'Action=A&Tags.member.1000000=x', 'is not of the Query protocol'],
    ['a name twice', 'Action=A&RoleName=a&RoleName=b', 'is given twice'],
    ['a value that is also a structure', 'Action=A&Tags=x&Tags.member.1=y', 'is both a value and a structure'],
    [
      'too many names',
      `Action=A&${Array.from({ length: 2001 }, (_, n) => `T.member.${n + 1}=x`).join('&')}`,
      'More than 2000 parameters',
    ],
  ])('with %s is refused', (_, form, message) => {
    expect(() => readQuery(form)).toThrow(message);
  });

  it('of any text is read or refused, and leaves prototypes alone', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        let outcome = 'read';
        try {
          readQuery(`Action=A&${text}`);
        } catch (error) {
          outcome = error instanceof Error ? error.name : 'unknown';
        }
        expect(['read', 'MalformedInput', 'MissingAction']).toContain(outcome);
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
    );
  });
});

describe('an XML answer', () => {
  it('holds lists as members, times to the second and text that cannot break out', () => {
    const output = {
      Roles: [{ RoleName: 'a<b>&"c"' }],
      IsTruncated: false,
      At: new Date('2026-11-22T10:00:00.123Z'),
      Gone: undefined,
    };
    expect(xmlAnswer('iam', 'ListRoles', output, 'id-1')).toBe(
      '<ListRolesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListRolesResult><Roles><member><RoleName>a&lt;b&gt;&amp;&quot;c&quot;</RoleName></member></Roles><IsTruncated>false</IsTruncated><At>2026-11-22T10:00:00Z</At></ListRolesResult><ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></ListRolesResponse>\n',
    );
  });

  it('of an operation without output has no result', () => {
    expect(xmlAnswer('iam', 'DeleteRole', {}, 'id-1')).not.toContain('Result');
    expect(xmlAnswer('iam', 'UpdateRole', {}, 'id-1')).toContain('<UpdateRoleResult></UpdateRoleResult>');
  });

  it('of a refusal names code, message and whose fault it is', () => {
    const refused = { code: 'NoSuchEntity', message: 'no \u0000 & no', httpStatus: 404 };
    expect(xmlError('iam', refused, 'id-1')).toBe(
      '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>no \ufffd &amp; no</Message></Error><RequestId>id-1</RequestId></ErrorResponse>\n',
    );
    expect(xmlError('sts', { ...refused, httpStatus: 500 }, 'x')).toContain('<Type>Receiver</Type>');
  });
});
