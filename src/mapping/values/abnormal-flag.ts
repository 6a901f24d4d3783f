/** OBX-8 → Observation.interpretation codes (v3-ObservationInterpretation), HL7 table 0078 and local marks. */

/** Codes that mean the same in table 0078 and in v3-ObservationInterpretation. MS and VS are inactive there. */
const SAME = new Set(
  (
    '< > A AA B CAR D DET E EX EXP H HH HU I IE IND L LL LU N NCL ND NEG NR NS POS R RR S SDD SYN-R SYN-S ' +
    'U UNE W WR'
  ).split(' '),
);

/** Local marks; `undefined` says "nothing to report". `危急` names no direction, so it is AA, not HH. */
const ALIASES: ReadonlyMap<string, string | undefined> = new Map([
  ...pairs('H', '↑ 高 偏高 升高 增高 H+ H↑ ↑H HIGH'),
  ...pairs('L', '↓ 低 偏低 降低 减低 L- L↓ ↓L LOW'),
  ...pairs('HH', '↑↑ ↑↑↑ 危急高 H↑↑'),
  ...pairs('LL', '↓↓ ↓↓↓ 危急低 L↓↓'),
  ...pairs('AA', '危急 危急值'),
  ...pairs('A', '* 异常 ABNORMAL'),
  ...pairs('POS', '+ P 阳性 阳性(+) POSITIVE'),
  ...pairs('NEG', '- 阴性 阴性(-) NEGATIVE'),
  ...pairs('WR', '± +- +/- 弱阳性 弱阳性(±) 弱阳'),
  ...pairs(undefined, '正常 N/A NONE NORMAL'),
]);

function pairs<T extends string | undefined>(code: T, spellings: string): [string, T][] {
  return spellings.split(' ').map((spelling) => [spelling, code]);
}

/** Codes that tell more than a bare A. */
const DIRECTED = new Set(['H', 'HH', 'HU', 'L', 'LL', 'LU', '<', '>', 'AA']);

const FLAG_LENGTH_MAX = 32;

/**
 * The flags of one OBX-8, repetition by repetition, as codes without repeats: `H~N` (range flag, then
 * normal or abnormal) is H alone, `H~A` too. `unmapped` are the indexes of flags that have no code:
 * their text must be kept.
 */
export function interpretationOf(flags: readonly string[]): {
  readonly codes: readonly string[];
  readonly unmapped: readonly number[];
} {
  const found: string[] = [];
  const unmapped: number[] = [];
  flags.forEach((flag, index) => {
    const code = codeOf(flag);
    if (code === false) unmapped.push(index);
    else if (code !== undefined && !found.includes(code)) found.push(code);
  });
  const directed = found.some((code) => DIRECTED.has(code));
  const codes = found.filter((code) => (code !== 'N' || found.length === 1) && (code !== 'A' || !directed));
  return { codes, unmapped };
}

/** undefined: nothing to report; false: no code for it. */
function codeOf(flag: string): string | undefined | false {
  if (SAME.has(flag)) return flag;
  if (flag.length > FLAG_LENGTH_MAX) return false;
  const plain = flag.normalize('NFKC').trim();
  if (plain === '' || plain === '""') return undefined;
  if (SAME.has(plain)) return plain;
  const upper = plain.toUpperCase();
  if (ALIASES.has(upper)) return ALIASES.get(upper);
  return SAME.has(upper) ? upper : false;
}
