import { isRecord } from '../block-kit/check.ts';
import { locateElements } from '../block-kit/find-element.ts';
import type { Person } from '../directory.ts';
import { parseJson } from '../http.ts';
import { deepestStack, type OpenView } from '../open-views.ts';
import { SlackRefusal } from '../refusal.ts';
import { checkView, toOpenView, viewShape, withModal } from '../view-output.ts';
import { inputProblems, readState } from '../view-state.ts';
import { type Act, done, refuse, type World } from './act.ts';
import type { CloseRequest, SubmitRequest, UiAnswer } from './contract.ts';
import { commonPayload, payloadForm } from './payload.ts';

const trouble = 'The app did not take the form. What you wrote is still here: wait a moment and send it again.';
const gone = 'This form is no longer open. Start again with /access.';
const correct = 'Something is missing. Correct the marked fields and send again.';

const fieldErrors = (view: OpenView, errors: unknown): UiAnswer => {
  const inputs = new Set(
    locateElements(view.blocks).flatMap(({ block, blockId }) => (block.type === 'input' ? [blockId] : [])),
  );
  const entries = isRecord(errors) ? Object.entries(errors) : [];
  // Slack shows an error only at an input block; errors for anything else are an error of the app.
  if (entries.length === 0 || entries.some(([blockId]) => !inputs.has(blockId))) return refuse(trouble);
  return refuse(correct, Object.fromEntries(entries.map(([blockId, text]) => [blockId, String(text)])));
};

/** https://docs.slack.dev/surfaces/modals: what an app may answer to a submission. */
const follow = ({ parts }: World, person: Person, view: OpenView, body: Record<string, unknown>): UiAnswer => {
  switch (body.response_action) {
    case undefined:
      parts.views.close(view);
      return done;
    case 'clear':
      parts.views.clear(person.id);
      return done;
    case 'errors':
      return fieldErrors(view, body.errors);
    case 'update':
      parts.views.replace(withModal(parts, view, checkView(parts, body.view, view)));
      return done;
    case 'push':
      if (parts.views.stackOf(person.id).length >= deepestStack) return refuse(trouble);
      parts.views.push(toOpenView(parts, person.id, checkView(parts, body.view), view));
      return done;
    default:
      return refuse(trouble);
  }
};

const topView = ({ parts }: World, person: Person, viewId: string): OpenView | undefined =>
  parts.views.stackOf(person.id).find((view) => view.id === viewId);

/** A modal sent off. What Slack's client would hold back is held back here, and the app does not hear of it. */
export const submit: Act<SubmitRequest> = async (world, person, request) => {
  const { parts, ingress } = world;
  const view = topView(world, person, request.viewId);
  if (!view) return refuse(gone);
  const problems = inputProblems(view.blocks, request.values);
  if (Object.keys(problems).length > 0) return refuse(correct, problems);
  const answer = await ingress.send(
    payloadForm({
      type: 'view_submission',
      ...commonPayload(parts, person),
      trigger_id: parts.triggers.issue(person.id, view.id),
      view: viewShape(parts, view, readState(view.blocks, request.values)),
      response_urls: [],
    }),
  );
  if (!answer.ok) return refuse(trouble);
  const body = answer.body.trim() === '' ? {} : parseJson(answer.body);
  if (!isRecord(body)) return refuse(trouble);
  try {
    return follow(world, person, view, body);
  } catch (error) {
    if (error instanceof SlackRefusal) return refuse(trouble);
    throw error;
  } finally {
    parts.live.changed();
  }
};

/** Cancel closes the view, or all of them with the cross. The app hears of it where the view asked for that. */
export const close: Act<CloseRequest> = async (world, person, request) => {
  const { parts, ingress } = world;
  const view = topView(world, person, request.viewId);
  if (!view) return done;
  const all = request.all || view.modal.clear_on_close === true;
  const closed = all ? [...parts.views.stackOf(person.id)] : [view];
  if (all) parts.views.clear(person.id);
  else parts.views.close(view);
  parts.live.changed();
  for (const each of closed.filter(({ modal }) => modal.notify_on_close === true))
    await ingress.send(
      payloadForm({
        type: 'view_closed',
        ...commonPayload(parts, person),
        view: viewShape(parts, each),
        is_cleared: all,
      }),
    );
  return done;
};
