import type { Plugin } from 'esbuild';

/**
 * What Lambda never runs and the bundles therefore do not hold: Bolt's receivers for other places, its OAuth flow, and
 * the credential sources of the AWS SDK beside the environment, where Lambda puts a function's credentials, and its way
 * to tell browsers apart.
 */
const modules: readonly RegExp[] = [
  /^\.\/receivers\/(HTTP|Express|SocketMode)Receiver$/,
  /^@slack\/(oauth|socket-mode)$/,
  /^(express|raw-body)$/,
  /^@aws-sdk\/credential-provider-(ini|sso|process|web-identity|login|http)$/,
  /^@aws-sdk\/token-providers$/,
  /^@smithy\/credential-provider-imds$/,
  /^bowser$/,
];

/** Loading it is nothing; using it says what is wrong. */
const stub = (name: string): string => `
const leftOut = () => { throw new Error(${JSON.stringify(`${name} is not part of what runs on Lambda.`)}); };
module.exports = new Proxy(class { constructor() { leftOut(); } }, {
  get: (target, key) => (key === '__esModule' || key === 'then' ? undefined : key === 'prototype' ? target.prototype : target),
});
`;

export const leaveOut: Plugin = {
  name: 'leave-out',
  setup: (build) => {
    build.onResolve({ filter: /.*/ }, ({ path }) =>
      modules.some((module) => module.test(path)) ? { path, namespace: 'left-out' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({ contents: stub(path) }));
  },
};
