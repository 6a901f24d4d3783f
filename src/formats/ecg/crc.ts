/** Checksums that ECG files carry: CRC-CCITT of SCP-ECG and ISHNE (polynomial 0x1021, start 0xFFFF), and zlib's CRC-32 of MUSE. */
const CCITT = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc & 0xffff;
});

export function crcCcitt(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0xffff;
  for (let k = from; k < to; k++) crc = ((crc << 8) & 0xffff) ^ (CCITT[(crc >> 8) ^ (bytes[k] as number)] as number);
  return crc;
}

const CRC32 = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  return crc >>> 0;
});

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC32[(crc ^ byte) & 0xff] as number);
  return (crc ^ 0xffff_ffff) >>> 0;
}
