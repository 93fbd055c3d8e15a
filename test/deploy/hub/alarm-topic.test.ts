import { expect, it } from 'vitest';
import { alarmParameters, alarmTopicResources } from '#deploy/hub/alarm-topic.ts';

const resources = alarmTopicResources();
const propertiesOf = (logicalId: string): unknown => resources[logicalId]?.Properties;

it('is encrypted with a key that CloudWatch may use, which the AWS-managed one does not allow', () => {
  expect(propertiesOf('AlarmTopic')).toMatchObject({ KmsMasterKeyId: { 'Fn::GetAtt': ['AlarmKey', 'Arn'] } });
  expect(JSON.stringify(propertiesOf('AlarmKey'))).toContain(
    '"Principal":{"Service":"cloudwatch.amazonaws.com"},"Action":["kms:Decrypt","kms:GenerateDataKey*"]',
  );
});

it('takes messages from the alarms of Daypass in this account alone', () => {
  const { PolicyDocument } = propertiesOf('AlarmTopicPolicy') as {
    PolicyDocument: { Statement: { Effect: string }[] };
  };
  expect(PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow')).toEqual([
    expect.objectContaining({
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Condition: {
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        ArnLike: {
          'aws:SourceArn': {
            'Fn::Sub': 'arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:daypass-*',
          },
        },
      },
    }),
  ]);
});

it('sends e-mail to the one who was named, and to nobody by default', () => {
  expect(alarmParameters.AlarmEmail.Default).toBe('');
  const pattern = new RegExp(alarmParameters.AlarmEmail.AllowedPattern);
  expect(['', 'ops@example.com'].every((text) => pattern.test(text))).toBe(true);
  expect(['ops', 'ops @example.com', '@'].some((text) => pattern.test(text))).toBe(false);
  expect(resources.AlarmEmailSubscription).toMatchObject({ Condition: 'HasAlarmEmail' });
});
