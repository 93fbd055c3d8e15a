/** What the page's address says: who acts, and which conversation or message to show. */
export type Address = { handle: string; conversationId?: string; ts?: string };

export const readAddress = (location: { pathname: string; search: string }): Address => {
  const query = new URLSearchParams(location.search);
  const handle = query.get('as') ?? 'alice';
  const archive = /^\/workspace\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(location.pathname);
  if (archive) return { handle, conversationId: archive[1] ?? '', ts: `${archive[2]}.${archive[3]}` };
  const conversationId = query.get('in');
  return { handle, ...(conversationId === null ? {} : { conversationId }) };
};

export const addressOf = (handle: string, conversationId: string | undefined): string => {
  const query = new URLSearchParams({ as: handle, ...(conversationId === undefined ? {} : { in: conversationId }) });
  return `/workspace/?${query}`;
};
