import { wholeSeconds } from '#core/instant.ts';

/** The Query protocol's answers. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */

const namespaces: Readonly<Record<string, string>> = {
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 cannot hold
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const escapeXml = (text: string): string =>
  text
    .replace(notXml, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;');

const element = (name: string, value: unknown): string => {
  if (value === undefined || value === null) return '';
  return `<${name}>${content(value)}</${name}>`;
};

const content = (value: unknown): string => {
  if (value instanceof Date) return wholeSeconds(value.getTime());
  if (Array.isArray(value)) return value.map((item: unknown) => element('member', item)).join('');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, inner]: [string, unknown]) => element(name, inner))
      .join('');
  }
  return escapeXml(String(value));
};

/** Operations whose empty output is still an output; all other empty ones have no result element. */
const emptyResults = new Set(['UpdateRole']);

export const xmlAnswer = (
  service: string,
  action: string,
  output: Readonly<Record<string, unknown>>,
  requestId: string,
): string => {
  const empty = Object.keys(output).length === 0 && !emptyResults.has(action);
  const result = empty ? '' : element(`${action}Result`, output);
  const metadata = element('ResponseMetadata', { RequestId: requestId });
  return `<${action}Response xmlns="${namespaces[service] ?? ''}">${result}${metadata}</${action}Response>\n`;
};

export const xmlError = (
  service: string,
  error: { code: string; message: string; httpStatus: number },
  requestId: string,
): string => {
  const type = error.httpStatus >= 500 ? 'Receiver' : 'Sender';
  const inner = element('Error', { Type: type, Code: error.code, Message: error.message });
  const namespace = namespaces[service] ?? 'http://webservices.amazon.com/AWSFault/2005-15-09';
  return `<ErrorResponse xmlns="${namespace}">${inner}${element('RequestId', requestId)}</ErrorResponse>\n`;
};
