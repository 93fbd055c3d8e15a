import type { Button, KnownBlock } from '@slack/types';
import { clip } from '#core/clip.ts';
import { commandName } from '#core/command-name.ts';
import type { Login } from '#core/login/login.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { actions, button, row } from './buttons.ts';
import { code, context, oneLine, quoted, section, when } from './text.ts';

const answer = (text: string, blocks: KnownBlock[]): SlackMessage => ({ text, blocks });

const originOf = ({ askedFrom: { ip, program, host } }: Login) =>
  quoted(
    [`Program: ${program}`, ...(host === undefined ? [] : [`On machine: ${host}`]), `From address: ${ip ?? 'unknown'}`]
      .map((line) => clip(oneLine(line), 300))
      .join('\n'),
  );

const notMe = (loginId: string): Button =>
  button(actions.endLogin, loginId, {
    label: 'Not me: end it',
    spoken: 'Not me: end this login at once',
    style: 'danger',
  });

const suspicious = 'If somebody sent you the code, they were trying to act as you: tell your security people.';

/** The answer of `/access login CODE`, and what becomes of it at a click. Pure; for the one person it is about. */
export const loginCard = (login: Login): SlackMessage => {
  const named = `Code ${code(login.userCode)}, asked for ${when(login.askedAt)}`;
  switch (login.status) {
    case 'waiting':
      return answer(`Confirm the login with code ${login.userCode}? Only if you started it yourself, just now.`, [
        section(`*Let a program act for you?* ${named}`),
        originOf(login),
        section(
          '⚠️ *Only if you started this yourself, just now.* If somebody sent you the code, they are trying to act as you. ' +
            'Program and machine are what it says about itself.',
        ),
        row(
          'login',
          button(actions.confirmLogin, login.userCode, {
            label: 'Confirm',
            spoken: 'Confirm: I started this login',
            style: 'primary',
          }),
          button(actions.denyLogin, login.userCode, {
            label: 'Not me',
            spoken: 'Not me: turn this login away',
            style: 'danger',
          }),
        ),
      ]);
    case 'confirmed':
    case 'active':
      return answer('✅ Logged in: a program may act for you for 8 h.', [
        section(
          `✅ *Logged in${login.status === 'confirmed' ? `: confirmed at ${when(login.confirmedAt)}` : ''}.* ${named}. The program goes on by itself.`,
        ),
        originOf(login),
        row('login', notMe(login.id)),
        context(`It can do what you can for 8 h. \`${commandName} logout\` ends it, too`),
      ]);
    case 'denied':
      return answer('🚫 That login was turned away: nobody got in.', [
        section(`🚫 *Turned away: nobody got in.* ${named}`),
        originOf(login),
        context(suspicious),
      ]);
    case 'revoked':
      return answer('⛔ That login was ended: nobody can act by it any more.', [
        section(`⛔ *Ended: nobody can act by it any more.* ${named}`),
        originOf(login),
        context(`${suspicious} What was asked for meanwhile shows in \`/access list\`: \`/access done\` ends it`),
      ]);
  }
};

/** A direct message after a program's login was confirmed, so that a confirmation under somebody's name is noticed. */
export const programLetInNote = (loginId: string, confirmedAt: string): SlackMessage =>
  answer('A program on your machine may now act for you, for 8 h.', [
    section(`🔑 *A program may now act for you*, for 8 h: you confirmed its login at ${when(confirmedAt)}.`),
    row('login', notMe(loginId)),
    context('That was not you? End it, and tell your security people: whoever has it can ask for access in your name.'),
  ]);
