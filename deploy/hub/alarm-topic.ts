import { arnOf, type Resources, ref, sub } from './resource.ts';

/** Where every alarm goes. */
export const alarmTopicName = 'daypass-alarms';

export const alarmParameters = {
  AlarmEmail: {
    Type: 'String',
    Description:
      'Who is told of alarms by e-mail. Empty for nobody: subscribe what you have to the topic daypass-alarms.',
    Default: '',
    AllowedPattern: '^$|^[^@\\s]+@[^@\\s]+$',
    ConstraintDescription: 'An e-mail address, or nothing.',
  },
} as const;

export const alarmConditions = { HasAlarmEmail: { 'Fn::Not': [{ 'Fn::Equals': [ref('AlarmEmail'), ''] }] } } as const;

const fromThisAccount = { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } };
const ownAlarms = 'arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:daypass-*';
const cloudWatch = { Service: 'cloudwatch.amazonaws.com' };
const version = '2012-10-17';

/**
 * The topic, encrypted with a key of its own: CloudWatch cannot publish to one under `alias/aws/sns`, whose policy
 * nobody can edit (https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns).
 */
export const alarmTopicResources = (): Resources => ({
  AlarmKey: {
    Type: 'AWS::KMS::Key',
    Properties: {
      Description: 'Encrypts what the alarms of Daypass say.',
      EnableKeyRotation: true,
      KeyPolicy: {
        Version: version,
        Statement: [
          {
            Sid: 'TheAccountAdministersItsKey',
            Effect: 'Allow',
            Principal: { AWS: sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root') },
            Action: 'kms:*',
            Resource: '*',
          },
          {
            Sid: 'AlarmsPublish',
            Effect: 'Allow',
            Principal: cloudWatch,
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            // In a key's policy this means the key.
            Resource: '*',
            Condition: fromThisAccount,
          },
        ],
      },
    },
  },
  AlarmTopic: {
    Type: 'AWS::SNS::Topic',
    Properties: { TopicName: alarmTopicName, DisplayName: 'Daypass', KmsMasterKeyId: arnOf('AlarmKey') },
  },
  AlarmTopicPolicy: {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [ref('AlarmTopic')],
      PolicyDocument: {
        Version: version,
        Statement: [
          {
            Sid: 'AlarmsPublish',
            Effect: 'Allow',
            Principal: cloudWatch,
            Action: 'sns:Publish',
            Resource: ref('AlarmTopic'),
            Condition: { ...fromThisAccount, ArnLike: { 'aws:SourceArn': sub(ownAlarms) } },
          },
          {
            Sid: 'NeverInTheClear',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: ref('AlarmTopic'),
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  },
  AlarmEmailSubscription: {
    Type: 'AWS::SNS::Subscription',
    Condition: 'HasAlarmEmail',
    Properties: { TopicArn: ref('AlarmTopic'), Protocol: 'email', Endpoint: ref('AlarmEmail') },
  },
});
