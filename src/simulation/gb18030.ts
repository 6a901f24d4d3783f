/**
 * Text to GB18030 bytes. The tables are the platform's own decoder turned round: all two-byte pairs, and the
 * four-byte sequences of the basic plane; the other planes are arithmetic (GB 18030-2005 annex D).
 */
let table: ReadonlyMap<string, readonly number[]> | undefined;

export function encodeGb18030(text: string): Uint8Array {
  table ??= invert();
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    if (point < 0x80) bytes.push(point);
    else if (point >= 0x10000) bytes.push(...fourBytes(point - 0x10000 + 189_000));
    else bytes.push(...(table.get(character) ?? [0x3f]));
  }
  return Uint8Array.from(bytes);
}

function invert(): ReadonlyMap<string, readonly number[]> {
  const decoder = new TextDecoder('gb18030');
  const inverse = new Map<string, readonly number[]>();
  const learn = (bytes: readonly number[]): void => {
    const character = decoder.decode(Uint8Array.from(bytes));
    if (character.length === 1 && character !== '\ufffd' && !inverse.has(character)) inverse.set(character, bytes);
  };
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) learn([lead, trail]);
  }
  for (let linear = 0; linear < 39_420; linear++) learn(fourBytes(linear));
  return inverse;
}

function fourBytes(linear: number): readonly number[] {
  return [
    0x81 + Math.floor(linear / 12_600),
    0x30 + (Math.floor(linear / 1260) % 10),
    0x81 + (Math.floor(linear / 10) % 126),
    0x30 + (linear % 10),
  ];
}
