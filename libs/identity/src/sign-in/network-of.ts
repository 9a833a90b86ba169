import { isIPv6 } from 'node:net';

/** What one caller can choose freely of an address: nothing of IPv4, the last half of IPv6, which is therefore cut off. */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%', 1);
  if (!isIPv6(plain)) return plain;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  const [before = '', after = ''] = plain.split('::', 2);
  const head = before === '' ? [] : before.split(':');
  const tail = after === '' ? [] : after.split(':');
  const gap = plain.includes('::') ? Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0') : [];
  return [...head, ...gap, ...tail]
    .slice(0, 4)
    .map((part) => parseInt(part, 16).toString(16))
    .join(':');
}
