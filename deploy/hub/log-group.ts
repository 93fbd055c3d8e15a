import { type Resource, ref } from './resource.ts';

/** A log group that keeps what the parameter says. Without it Lambda would make one that keeps everything for ever. */
export const logGroup = (name: string): Resource => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName: name, RetentionInDays: ref('LogRetentionDays') },
});
