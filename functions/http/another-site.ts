import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type Answer, problem } from './answer.ts';

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);

/**
 * The answer to a call that changes something and that a page of another site made a browser send; undefined for any
 * other. Programs send neither header: https://www.w3.org/TR/fetch-metadata, section 2.4
 */
export const fromAnotherSite = ({ headers, requestContext }: APIGatewayProxyEventV2): Answer | undefined => {
  if (['GET', 'HEAD'].includes(requestContext.http.method)) return undefined;
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'] ?? 'none';
  const isOurs = origin === undefined || (host !== undefined && hostOf(origin) === host.toLowerCase());
  if (isOurs && ['same-origin', 'none'].includes(site)) return undefined;
  const message = 'A page of another site may not act here.';
  return problem(403, 'another-site', message, 'Use the command line or Slack.');
};
