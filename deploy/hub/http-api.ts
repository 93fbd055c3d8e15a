import { functions } from '#functions/registry.ts';
import { logGroup } from './log-group.ts';
import { accessLogGroupName, functionLogicalId, pascal } from './names.ts';
import { arnOf, type Resource, type Resources, ref, sub } from './resource.ts';

/** The longest that an HTTP API waits: docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const longestWaitMs = 30_000;

/**
 * Narrower than the stage's own limit, since each of these calls costs a guess, a login or an STS call. Limits are of
 * the whole stage and not of one caller, so they leave room for everybody. A client that logs in asks every two
 * seconds.
 */
const narrower: Readonly<Record<string, { ThrottlingRateLimit: number; ThrottlingBurstLimit: number }>> = {
  'POST /v1/requests/{id}/credentials': { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
  'POST /v1/device/authorize': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 },
  'POST /v1/device/token': { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
};

/**
 * One line per request. The route is written as configured, not as called, so no path, query, header or body is ever
 * logged: docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const accessLogLine = {
  time: '$context.requestTime',
  requestId: '$context.requestId',
  sourceIp: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  error: '$context.error.message',
  integrationError: '$context.integrationErrorMessage',
};

const routesOf = functions.flatMap(({ name, timeoutSec, trigger }) =>
  trigger.kind === 'http' ? [{ name, timeoutSec, routes: trigger.routes }] : [],
);
const routeId = (route: string): string => `Route${pascal(route)}`;

const behindRoutes = ({ name, timeoutSec, routes }: (typeof routesOf)[number]): [string, Resource][] => [
  [
    `${pascal(name)}Integration`,
    {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: ref('HttpApi'),
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: arnOf(functionLogicalId(name)),
        PayloadFormatVersion: '2.0',
        TimeoutInMillis: Math.min(timeoutSec * 1000, longestWaitMs),
      },
    },
  ],
  [
    `${pascal(name)}ApiPermission`,
    {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: arnOf(functionLogicalId(name)),
        Principal: 'apigateway.amazonaws.com',
        SourceArn: sub('arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${HttpApi}/*/*'),
      },
    },
  ],
  ...routes.map((route): [string, Resource] => [
    routeId(route),
    {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: ref('HttpApi'),
        RouteKey: route,
        // Whoever calls proves who they are to the function: Slack by its signature, people by their token.
        AuthorizationType: 'NONE',
        Target: sub(`integrations/\${${pascal(name)}Integration}`),
      },
    },
  ]),
];

/**
 * The HTTP API with exactly the routes of the configurations; nothing answers another path. Browsers of other origins
 * get nothing: there is no CORS. A body may have 10 MB here; the functions refuse far less (`functions/http/body.ts`,
 * `slack/ingress/ingress.ts`).
 */
export const httpApiResources = (): Resources => ({
  HttpApi: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: {
      Name: 'daypass',
      Description: 'Slack, the command line and credentials of Daypass.',
      ProtocolType: 'HTTP',
    },
  },
  HttpApiAccessLog: logGroup(accessLogGroupName),
  HttpApiStage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    // Its settings of single routes need those routes.
    DependsOn: routesOf.flatMap(({ routes }) => routes.map(routeId)),
    Properties: {
      ApiId: ref('HttpApi'),
      StageName: '$default',
      AutoDeploy: true,
      // No metrics of each route: they are charged one by one, and each function has its own anyway.
      DefaultRouteSettings: {
        ThrottlingRateLimit: ref('ThrottleRate'),
        ThrottlingBurstLimit: ref('ThrottleBurst'),
      },
      RouteSettings: narrower,
      AccessLogSettings: { DestinationArn: arnOf('HttpApiAccessLog'), Format: JSON.stringify(accessLogLine) },
    },
  },
  ...Object.fromEntries(routesOf.flatMap(behindRoutes)),
});
