/** Texts of one shape each, made to grow what a careless reader does more than once per character. */
const HEADER = 'MSH|^~\\&|LIS|H01|GW|REGION|20260301101530||ORU^R01|M1|P|2.5.1\r';
const filled = (unit: string, size: number) => unit.repeat(Math.ceil(size / unit.length));

/** Texts of about `size` characters, each of one shape. */
export const FAMILIES: Readonly<Record<string, (size: number) => string>> = {
  'a long field': (size) => `${HEADER}OBX|1|TX|||${filled('long text ', size)}\r`,
  'many fields': (size) => `${HEADER}OBX|${filled('ab|', size)}\r`,
  'many repetitions': (size) => `${HEADER}OBX|1|ST|||${filled('ab~', size)}\r`,
  'many components': (size) => `${HEADER}OBX|1|ST|||${filled('ab^', size)}\r`,
  'many subcomponents': (size) => `${HEADER}OBX|1|ST|||${filled('ab&', size)}\r`,
  'many escapes': (size) => `${HEADER}OBX|1|TX|||${filled('\\T\\\\XE4\\\\.br\\', size)}\r`,
  'many unclosed escapes': (size) => `${HEADER}OBX|1|TX|||${filled('\\a b', size)}\r`,
  'many segments': (size) => HEADER + filled('ZAB|1|local\rZAC|2|local too\r', size),
  'many OBX': (size) => HEADER + filled('OBX|1|NM|WBC^Leukocytes^L||6.31|10*9/L|3.5-9.5|N|||F\r', size),
  'many NTE': (size) => `${HEADER}OBX|1|NM|WBC\r${filled('NTE|1|L|a note of some length\r', size)}`,
  'nested batch headers': (size) => filled('FHS|^~\\&|LIS\rBHS|^~\\&|LIS\r', size) + HEADER,
  'delimiters that are letters': (size) =>
    `MSHABCDEALISAH01AGWAREGIONA2026AAORUBR01AM1APA2.5.1\rOBXA${filled('xAyBzCwEvDED', size)}\r`,
};
