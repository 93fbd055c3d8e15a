import { deepestStack, type OpenView } from '../open-views.ts';
import type { Parts } from '../parts.ts';
import { SlackRefusal } from '../refusal.ts';
import { checkView, toOpenView, viewShape, withModal } from '../view-output.ts';
import { type Arguments, missing } from './arguments.ts';
import type { Method } from './method.ts';

const triggerForm = /^\d+\.\d+\.[0-9a-f]+$/;

const triggerOf = (parts: Parts, args: Arguments): { id: string; personId: string; viewId?: string } => {
  const id = args.required('trigger_id');
  const trigger = triggerForm.test(id) ? parts.triggers.check(id) : 'invalid_trigger_id';
  if (typeof trigger === 'string') throw new SlackRefusal(trigger);
  return { ...trigger, id };
};

const viewOf = (args: Arguments): unknown => {
  const view = args.structure('view', 'invalid_arguments');
  if (view === undefined) throw missing('view');
  return view;
};

const open: Method = (parts, args) => {
  const trigger = triggerOf(parts, args);
  const view = toOpenView(parts, trigger.personId, checkView(parts, viewOf(args)));
  parts.triggers.use(trigger.id);
  parts.views.open(view);
  parts.live.changed();
  return { view: viewShape(parts, view) };
};

const push: Method = (parts, args) => {
  const trigger = triggerOf(parts, args);
  const modal = checkView(parts, viewOf(args));
  const stack = parts.views.stackOf(trigger.personId);
  const below = stack.at(-1);
  if (!below || below.id !== trigger.viewId) throw new SlackRefusal('not_found');
  if (stack.length >= deepestStack) throw new SlackRefusal('push_limit_reached');
  const view = toOpenView(parts, trigger.personId, modal, below);
  parts.triggers.use(trigger.id);
  parts.views.push(view);
  parts.live.changed();
  return { view: viewShape(parts, view) };
};

const target = (parts: Parts, args: Arguments): OpenView => {
  const id = args.text('view_id');
  const externalId = args.text('external_id');
  if (id === undefined && externalId === undefined) throw missing('view_id');
  const found = id === undefined ? parts.views.findExternal(externalId ?? '') : parts.views.find(id);
  if (!found) throw new SlackRefusal('not_found');
  return found;
};

/** https://docs.slack.dev/reference/methods/views.update: `hash` is the one the caller last saw. */
const update: Method = (parts, args) => {
  const current = target(parts, args);
  const hash = args.text('hash');
  if (hash !== undefined && hash !== current.hash) throw new SlackRefusal('hash_conflict');
  const next = withModal(parts, current, checkView(parts, viewOf(args), current));
  parts.views.replace(next);
  parts.live.changed();
  return { view: viewShape(parts, next) };
};

export const views: Readonly<Record<string, Method>> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
};
