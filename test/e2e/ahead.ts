/** Loaded before the stack: its machine's clock is ahead by `DAYPASS_TEST_AHEAD_MS`, as if it had been down for so long. */
const now = Date.now;
const aheadMs = Number(process.env.DAYPASS_TEST_AHEAD_MS ?? 0);

Date.now = () => now() + aheadMs;
