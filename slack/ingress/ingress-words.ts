import { refusalAnswer } from '#slack/render/answers.ts';
import { fields } from '#slack/render/modals.ts';
import { type HttpAnswer, plainText } from './http.ts';

type Words = { message: string; next: string };

const json = (body: object): HttpAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** What kind of payload it is, read leniently: these words are for when nothing else worked. */
const kindOf = (body: string): 'command' | 'view_submission' | 'other' => {
  const form = new URLSearchParams(body);
  if (form.has('command')) return 'command';
  return /"type"\s*:\s*"view_submission"/.test(form.get('payload') ?? '') ? 'view_submission' : 'other';
};

/** A click cannot be answered with words; `status` makes Slack mark the button, or not. */
const say = (body: string, words: Words, status: number): HttpAnswer => {
  switch (kindOf(body)) {
    case 'command':
      return json({ response_type: 'ephemeral', ...refusalAnswer(words) });
    case 'view_submission':
      return json({ response_action: 'errors', errors: { [fields.reason]: `${words.message} ${words.next}` } });
    case 'other':
      return plainText(status, `${words.message} ${words.next}`);
  }
};

/** Somebody else has the same signed request in hand, for longer than Slack waits. */
export const handledElsewhere = (body: string): HttpAnswer =>
  say(
    body,
    { message: 'Daypass is already at this.', next: 'Look at /access list in a moment to see what came of it.' },
    200,
  );

/** Not even the database could be asked. */
export const apologyFor = (body: string): HttpAnswer =>
  say(
    body,
    {
      message: 'That did not work: Daypass could not finish it.',
      next: 'Look at /access list to see where things stand, then try again in a minute.',
    },
    500,
  );
