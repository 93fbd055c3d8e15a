import type { Resource, Resources } from './resource.ts';

/** Types of ours that CloudFormation cannot tag. */
const untaggable: ReadonlySet<string> = new Set([
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::CloudWatch::Dashboard',
  'AWS::Events::EventBusPolicy',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

/** Types whose tags are a map; all others take a list. */
const tagsAreMap: ReadonlySet<string> = new Set(['AWS::ApiGatewayV2::Api', 'AWS::ApiGatewayV2::Stage']);

type Tags = Readonly<Record<string, string>>;

export const tagList = (tags: Tags): readonly { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export const hubTags = (stage: string): Tags => ({ Project: 'daypass', 'daypass:stage': stage });

/** The resources with these tags on everything that can have tags and brings none of its own. */
export const tagged = (resources: Resources, tags: Tags): Resources =>
  Object.fromEntries(
    Object.entries(resources).map(([id, resource]): [string, Resource] => {
      if (untaggable.has(resource.Type) || resource.Properties.Tags !== undefined) return [id, resource];
      const Tags = tagsAreMap.has(resource.Type) ? tags : tagList(tags);
      return [id, { ...resource, Properties: { ...resource.Properties, Tags } }];
    }),
  );
