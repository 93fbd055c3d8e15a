import type { App } from '@slack/bolt';
import { isDaypassError } from '#core/errors.ts';
import type { Ports } from '#ports/ports.ts';
import { effectOf } from './acts.ts';
import type { Caller } from './caller.ts';
import { type MembershipPorts, membershipOf } from './membership.ts';
import { type AnyArgs, replyFailed, replyLater, replyRefused } from './reply.ts';

/** What the log may know of an error: never a payload, a token or a response URL. */
export const loggable = (error: unknown): Record<string, unknown> =>
  error instanceof Error
    ? {
        error: error.name,
        // Only our own messages are known to hold nothing secret.
        ...(isDaypassError(error) && { because: error.message }),
        at: error.stack
          ?.split('\n')
          .find((line) => line.trimStart().startsWith('at '))
          ?.trim(),
      }
    : { error: typeof error };

/**
 * Stands before every listener: turns strangers away politely, lets nobody begin anything whose account is no member's
 * any more, and answers where a listener failed.
 */
export const gate = (app: App, ports: MembershipPorts & Pick<Ports, 'log'>): void => {
  const askMembership = membershipOf(ports);
  app.use(async (args) => {
    const caller = args.context.caller as Caller;
    const sorry = (error: unknown): Promise<void> => {
      ports.log.error('A Slack request could not be handled.', {
        payload: args.body.type ?? 'command',
        ...loggable(error),
      });
      return replyFailed(args as AnyArgs, caller.slackUserId, error, ports);
    };
    const pass = async (person: Extract<Caller, { kind: 'person' }>): Promise<void> => {
      if (effectOf(args.body as Parameters<typeof effectOf>[0]) === 'ends') return args.next();
      const membership = await askMembership(person, args.context);
      if (membership.is === 'member') return args.next();
      const { is, words, error } = membership;
      ports.log.warn('Somebody whose Slack account is not known to be a member’s was turned away.', {
        slackUserId: person.slackUserId,
        because: is,
        ...(error !== undefined && loggable(error)),
      });
      const reply = is === 'unasked' ? replyLater : replyRefused;
      return reply(args as AnyArgs, person.slackUserId, words, ports);
    };
    switch (caller.kind) {
      case 'person':
        return pass(caller).catch(sorry);
      case 'slack':
        // What is thrown becomes a 500, and Slack sends the event again.
        return args.next();
      case 'refused':
        ports.log.warn('Somebody who is not in the policy was turned away.', {
          slackUserId: caller.slackUserId,
          ...(caller.because !== undefined && { because: caller.because }),
        });
        return replyRefused(args as AnyArgs, caller.slackUserId, caller.refusal, ports);
      case 'unknowable':
        return sorry(caller.error);
    }
  });
};
