/** What each person sent from this tab, oldest first. Gone when the tab is closed. */
const kept = 50;
const keyFor = (handle: string): string => `daypass:sent:${handle}`;

export const historyOf = (handle: string): readonly string[] => {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(keyFor(handle)) ?? '[]');
    return Array.isArray(stored) ? stored.filter((line) => typeof line === 'string') : [];
  } catch {
    return [];
  }
};

/** The same line twice in a row is kept once. */
export const addToHistory = (handle: string, line: string): void => {
  const before = historyOf(handle);
  if (before.at(-1) === line) return;
  sessionStorage.setItem(keyFor(handle), JSON.stringify([...before, line].slice(-kept)));
};
