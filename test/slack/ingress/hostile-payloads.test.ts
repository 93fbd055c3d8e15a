import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { form, payload, startWorld, type World } from '#test/slack/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const anything = fc.oneof(fc.jsonValue(), fc.constantFrom('__proto__', '<!channel>', '\u0000', 'x'.repeat(5000)));
const kind = fc.constantFrom(
  'block_actions',
  'view_submission',
  'view_closed',
  'shortcut',
  'event_callback',
  'nonsense',
);

it('whatever Slack signs, somebody gets an answer, nothing is thrown and nothing is granted', async () => {
  await fc.assert(
    fc.asyncProperty(
      kind,
      fc.array(anything, { minLength: 8, maxLength: 8 }),
      fc.boolean(),
      async (type, values, ours) => {
        const [user, team, channel, actions, view, text, event, command] = values;
        const known = ours
          ? { user: { id: 'U0ALICE', team_id: 'T0DAYPASS' }, team: { id: 'T0DAYPASS' } }
          : { user, team };
        const interaction = payload({ type, ...known, channel, actions, view, event });
        const [commandText, line] = [command, text].map((value) =>
          typeof value === 'string' ? value : JSON.stringify(value),
        );
        const slash = form({ command: commandText ?? '', text: line ?? '', team_id: 'T0DAYPASS', user_id: 'U0ALICE' });
        for (const body of [interaction, slash, line ?? '']) {
          const { status } = await world.send(world.sign(body));
          expect([200, 404, 500]).toContain(status);
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(await world.ports.requests.withStatus('approved')).toEqual([]);
  expect(world.slack.messages).toEqual([]);
});
