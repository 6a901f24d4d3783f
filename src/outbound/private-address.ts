/** Addresses that are not of the open internet (RFC 6890): this machine, its network, metadata services, multicast. */
const V4: readonly (readonly [base: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** True also for a text that is no address. */
export function isPrivateAddress(address: string): boolean {
  if (!address.includes(':')) return isPrivateV4(address);
  const groups = groupsOf(address);
  if (groups === undefined) return true;
  const [first = 0, second = 0] = groups;
  // ::, ::1, IPv4 within IPv6 (mapped, compatible, translated), 6to4 and Teredo: what is inside decides, or nothing does.
  if (groups.slice(0, 5).every((group) => group === 0)) {
    const inner = embeddedV4(groups);
    return groups[5] !== 0xffff && groups[5] !== 0 ? true : isPrivateV4(inner) || inner.startsWith('0.');
  }
  if (first === 0x64 && second === 0xff9b) return isPrivateV4(embeddedV4(groups));
  if (first === 0x2002 || (first === 0x2001 && second < 0x200)) return true;
  // Only 2000::/3 is given out; documentation is not.
  return (first & 0xe000) !== 0x2000 || (first === 0x2001 && second === 0xdb8);
}

function isPrivateV4(address: string): boolean {
  const number = numberOf(address);
  if (number === undefined) return true;
  return V4.some(([base, bits]) => {
    const mask = bits === 0 ? 0 : (~0 << (32 - bits)) >>> 0;
    return (number & mask) >>> 0 === ((numberOf(base) as number) & mask) >>> 0;
  });
}

function numberOf(address: string): number | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

function embeddedV4(groups: readonly number[]): string {
  const [high = 0, low = 0] = groups.slice(6);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** Eight groups; undefined when the text is no IPv6 address. A zone (`%eth0`) is none. */
function groupsOf(address: string): readonly number[] | undefined {
  const dotted = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(address);
  const v4 = dotted === null ? undefined : numberOf(dotted[2] as string);
  if (dotted !== null && v4 === undefined) return undefined;
  const text =
    dotted === null || v4 === undefined
      ? address
      : `${dotted[1]}${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}`;
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...after];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined;
}
