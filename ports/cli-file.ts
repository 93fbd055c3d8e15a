/** The text of the one file that people download to use Daypass on their machine. The same at every call. */
export type CliFile = () => Promise<string>;
