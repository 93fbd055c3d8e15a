import * as z from 'zod/mini';

/** What the page may send, checked before it is believed. */
const id = z.string().check(z.minLength(1), z.maxLength(255));
const rawValue = z.nullable(z.union([z.string(), z.array(z.string())]));
const rawValues = z.record(z.string(), z.record(z.string(), rawValue));
const who = { as: id };
const element = { ...who, blockId: id, actionId: id, value: z.optional(rawValue) };

export const requests = {
  say: z.object({ ...who, channel: id, text: z.string(), threadTs: z.optional(id) }),
  click: z.union([
    z.object({ ...element, viewId: id, values: rawValues }),
    z.object({ ...element, channel: id, ts: id }),
  ]),
  submit: z.object({ ...who, viewId: id, values: rawValues }),
  close: z.object({ ...who, viewId: id, all: z.boolean() }),
  mark: z.object({ ...who, channel: id, ts: id }),
};
