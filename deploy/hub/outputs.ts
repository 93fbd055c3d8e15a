import type { FunctionConfig } from '#functions/config.ts';
import { functions } from '#functions/registry.ts';
import { defaultBusArn } from './arns.ts';
import { pascal } from './names.ts';
import { arnOf, sub } from './resource.ts';

type Output = { Description: string; Value: unknown };

/** Functions that take roles in target accounts, and so are named in the trust policies there. */
const takesRolesElsewhere = ({ statements }: FunctionConfig): boolean =>
  statements.some(({ actions }) => actions.includes('sts:AssumeRole'));

/** What comes out of a deployment: the address for Slack and the command line, and what onboarding an account needs. */
export const outputs = (): Readonly<Record<string, Output>> => ({
  ApiUrl: {
    Description: 'Where Daypass listens. Slack sends to this address with /slack/events behind it.',
    Value: sub('https://${HttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}'),
  },
  ForwardingBusArn: {
    Description: 'Where target accounts forward their CloudTrail events to.',
    Value: sub(defaultBusArn),
  },
  DomainBusArn: { Description: 'Where Daypass publishes what happens.', Value: arnOf('DaypassBus') },
  ...Object.fromEntries(
    functions
      .filter(takesRolesElsewhere)
      .map(({ name }): [string, Output] => [
        `${pascal(name)}RoleArn`,
        { Description: `The role of ${name}, which target accounts trust.`, Value: arnOf(`${pascal(name)}Role`) },
      ]),
  ),
});
