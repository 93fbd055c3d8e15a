import type { LoginStore } from '#ports/login-store.ts';
import { unused } from '../unused.ts';

/** Nobody has logged in. What logins are is looked at on the database alone. */
export const noLogins = (): LoginStore => unused<LoginStore>('logins', { confirmedBy: async () => [] });
