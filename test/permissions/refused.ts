/**
 * What functions were refused by their own policies since the last test ended: whoever waits for them waits in vain.
 */
export const refused: string[] = [];
