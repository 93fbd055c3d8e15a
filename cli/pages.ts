import type { Session } from './api.ts';

/** Nobody reads further in a terminal; a program goes on from `next` with calls of the API. */
const mostPages = 4;

/** The pages of a list, as far as they are followed; `next` of the last one says that there is more. */
export const pagesOf = async <Page extends { next?: string }>(
  session: Session,
  path: string,
): Promise<readonly [Page, ...Page[]]> => {
  const first = await session.get<Page>(path);
  const others: Page[] = [];
  let next = first.next;
  while (next !== undefined && others.length < mostPages - 1) {
    const page = await session.get<Page>(`${path}?next=${encodeURIComponent(next)}`);
    others.push(page);
    next = page.next;
  }
  return [first, ...others];
};

/** What the pages of a list hold: what stands on an earlier one too, once. */
export const listOf = <Item extends { id: string }, Page extends { next?: string }>(
  pages: readonly Page[],
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Item[] => {
  const all: Item[] = [];
  for (const page of pages) {
    const seen = new Set(all.map(({ id }) => id));
    all.push(...(itemsOf(page) ?? []).filter(({ id }) => !seen.has(id)));
  }
  return all;
};

/** Where they leave off. */
export const leftOff = (pages: readonly { next?: string }[]): { next?: string } => {
  const next = pages.at(-1)?.next;
  return next === undefined ? {} : { next };
};
