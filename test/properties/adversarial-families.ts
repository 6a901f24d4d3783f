/** Twelve families of hostile HL7 v2 input, each grown to a size in bytes (issue 01, "done when" 5). */
const encoder = new TextEncoder();

const HEAD =
  'MSH|^~\\&|LIS|H|||20260301083000||ORU^R01|M1|P|2.4\rPID|1||A1^^^^MR||ZHAO^LI\rOBR|1|P1|F1|CBC^x^L|||20260301\r';

/** `part` again and again inside OBX-5 of one OBX. */
function inValue(type: string, part: (i: number) => string): (size: number) => string {
  return (size) => `${HEAD}OBX|1|${type}|WBC^x^L||${repeated(part, size)}|g/L|1-2||||F\r`;
}

function repeated(part: (i: number) => string, size: number): string {
  const parts: string[] = [];
  for (let i = 0, length = 0; length < size; i++) {
    const one = part(i);
    parts.push(one);
    length += one.length;
  }
  return parts.join('').slice(0, size);
}

const FAMILIES: Readonly<Record<string, (size: number) => string>> = {
  'a long field': inValue('ST', () => 'value '),
  'many fields': (size) => `${HEAD}OBX|1|ST|WBC^x^L||v|g/L|1-2||||F|${repeated(() => 'a|', size)}\r`,
  'many repetitions': inValue('ST', (i) => `${i % 10}~`),
  'many components': inValue('CWE', (i) => `c${i % 10}^`),
  'many subcomponents': inValue('CWE', (i) => `s${i % 10}&`),
  'many escapes': inValue('ST', () => '\\F\\\\X41\\\\.br\\'),
  'unclosed escapes': inValue('CWE', () => 'a\\Fb^'),
  'many segments': (size) => HEAD + repeated((i) => `ZZZ|${i}|abcdefgh\r`, size),
  'many OBX': (size) =>
    HEAD + repeated((i) => `OBX|${i}|NM|C${i}^name of the test^L||${i}.5|10^9/L|1-2|N|||F|||20260301\r`, size),
  'many NTE': (size) => `${HEAD}OBX|1|NM|WBC^x^L||1.5|g/L|1-2||||F\r${repeated((i) => `NTE|${i}||a note\r`, size)}`,
  'nested batch headers': (size) =>
    `${repeated(() => 'FHS|^~\\&\rBHS|^~\\&\r', size)}\r${HEAD}OBX|1|NM|WBC||1|g/L|||||F\r`,
  'delimiters that are letters': (size) =>
    `MSHabcdeaLISaHaaa20260301083000aaORUbR01aM1aPa2.4\rOBRa1aP1aF1aCBCbxbL\r${repeated((i) => `OBXa1aNMaCcWBC${i % 7}bWhitePloodPellPountbLaa1.5b2c3bdFdeamolaaaaaF\r`, size)}`,
};

export const familyNames: readonly string[] = Object.keys(FAMILIES);

/** One input of the family, about `size` bytes long. */
export function familyInput(name: string, size: number): Uint8Array {
  const grow = FAMILIES[name];
  if (grow === undefined) throw new Error('no such family');
  return encoder.encode(grow(size));
}
