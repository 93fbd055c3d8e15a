import { defaultBusArn } from './arns.ts';
import { busName } from './names.ts';
import { type Resources, sub } from './resource.ts';

/**
 * The bus of our own events, and who else may put events on the default bus: the target accounts, and only events of
 * AWS itself. `PutEvents` refuses a source that begins with `aws.`, so what comes that way was made by AWS and
 * forwarded by a rule: nobody in a target account can make up a CloudTrail event. Both keys are lists, since a call has
 * several entries; `ForAllValues` also holds where there are none, hence `Null`.
 */
export const busResources = (targetAccountIds: readonly string[]): Resources => ({
  DaypassBus: {
    Type: 'AWS::Events::EventBus',
    Properties: { Name: busName, Description: 'The domain events of Daypass.' },
  },
  ...(targetAccountIds.length > 0 && {
    ForwardedEventsPolicy: {
      Type: 'AWS::Events::EventBusPolicy',
      Properties: {
        EventBusName: 'default',
        StatementId: 'daypass-target-accounts',
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: targetAccountIds.map((id) => sub(`arn:\${AWS::Partition}:iam::${id}:root`)) },
          Action: 'events:PutEvents',
          Resource: sub(defaultBusArn),
          Condition: {
            'ForAllValues:StringLike': { 'events:source': 'aws.*', 'events:detail-type': '* via CloudTrail' },
            Null: { 'events:source': 'false', 'events:detail-type': 'false' },
          },
        },
      },
    },
  }),
});
