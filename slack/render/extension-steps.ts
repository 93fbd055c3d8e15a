import type { AccessRequest, Extension, ExtensionIn } from '#core/request/request.ts';

type Extended = Pick<AccessRequest, 'durationSec' | 'extensions'>;

/** Oldest first. */
export const grantedExtensions = ({ extensions = [] }: Pick<AccessRequest, 'extensions'>): ExtensionIn<'granted'>[] =>
  extensions.filter((extension) => extension.status === 'granted');

/** How long the window is: what was asked for, with what was granted since. Seconds. */
export const lengthOf = (request: Extended): number =>
  grantedExtensions(request).at(-1)?.durationSec ?? request.durationSec;

/** By how much an extension makes the window longer than it was when it was asked for. Seconds. */
export const bySecOf = (request: Extended, { id, durationSec }: Pick<Extension, 'id' | 'durationSec'>): number => {
  const all = request.extensions ?? [];
  const index = all.findIndex((extension) => extension.id === id);
  return durationSec - lengthOf({ ...request, extensions: all.slice(0, Math.max(0, index)) });
};
