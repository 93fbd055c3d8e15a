/** 160 bits, more than anybody guesses or repeats. */
export const externalIdBytes = 20;

const digits = 'abcdefghijklmnopqrstuvwxyz234567';

/** An external id from that many random bytes: `dp-` and 32 letters and digits. Throws a RangeError for fewer bytes. */
export const externalIdFrom = (bytes: Uint8Array): string => {
  if (bytes.length !== externalIdBytes) throw new RangeError(`An external id takes ${externalIdBytes} random bytes.`);
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let at = 0; at < externalIdBytes * 8; at += 5) text = `${digits[Number((bits >> BigInt(at)) & 31n)]}${text}`;
  return `dp-${text}`;
};
