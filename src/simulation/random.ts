/**
 * The simulator's randomness: xoshiro128** seeded from text, so that a seed gives the same region on
 * every machine. Only integer and basic IEEE arithmetic: no Math.exp or Math.log, whose last bit is
 * left to the engine (ECMA-262 21.3.2).
 */
export interface Random {
  /** 0 <= x < 1, 32 bits. */
  next(): number;
  /** An integer, both ends included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** One of the entries, as often as its weight says. */
  weighted<T>(list: readonly (readonly [T, number])[]): T;
  /** About normal, mean 0, deviation 1, never beyond 6: the sum of twelve uniforms. */
  normal(): number;
}

/** A stream of its own for every (seed, labels): drawing more from one never shifts another. */
export function randomFor(seed: string, ...labels: readonly (string | number)[]): Random {
  const words = hash128([seed, ...labels].join('\u001f'));
  let [a, b, c, d] = words;

  const next32 = (): number => {
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return scrambled;
  };
  const next = (): number => next32() / 4294967296;
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));

  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (list) => {
      if (list.length === 0) throw new Error('pick from an empty list');
      return list[between(0, list.length - 1)] as (typeof list)[number];
    },
    weighted: (list) => {
      const total = list.reduce((sum, [, weight]) => sum + weight, 0);
      let left = next() * total;
      for (const [entry, weight] of list) {
        left -= weight;
        if (left < 0) return entry;
      }
      throw new Error('weights without a sum');
    },
    normal: () => {
      let sum = -6;
      for (let i = 0; i < 12; i++) sum += next();
      return sum;
    },
  };
}

/** A quota: true once in every `every` asks, from a phase of the seed, so that small regions have each case too. */
export interface Rota {
  due(name: string, every: number): boolean;
  /** Cards of a shuffled deck, one after another: a pack's shares are exact in every pack's length. */
  deal<T>(name: string, pack: readonly T[]): T;
}

export function createRota(seed: string): Rota {
  const asked = new Map<string, number>();
  const decks = new Map<string, unknown[]>();
  return {
    due(name, every) {
      const count = asked.get(name) ?? randomFor(seed, 'rota', name).between(0, every - 1);
      asked.set(name, count + 1);
      return count % every === every - 1;
    },
    deal<T>(name: string, pack: readonly T[]): T {
      let deck = decks.get(name) as T[] | undefined;
      if (deck === undefined || deck.length === 0) {
        const packs = asked.get(`deck ${name}`) ?? 0;
        asked.set(`deck ${name}`, packs + 1);
        deck = shuffled(pack, randomFor(seed, 'deck', name, packs));
        decks.set(name, deck);
      }
      return deck.pop() as T;
    },
  };
}

function shuffled<T>(pack: readonly T[], random: Random): T[] {
  const deck = [...pack];
  for (let i = deck.length - 1; i > 0; i--) {
    const j = random.between(0, i);
    const held = deck[i] as T;
    deck[i] = deck[j] as T;
    deck[j] = held;
  }
  return deck;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Four words from a text (MurmurHash3's finaliser over four lanes); never all zero. */
function hash128(text: string): [number, number, number, number] {
  const lanes: [number, number, number, number] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x0f1bbcdc];
  for (let i = 0; i < text.length; i++) {
    const lane = i & 3;
    const mixed = Math.imul((lanes[lane] as number) ^ text.charCodeAt(i), 0xcc9e2d51);
    lanes[lane] = rotate(mixed, 15) + (lanes[(lane + 1) & 3] as number);
  }
  for (let round = 0; round < 8; round++) {
    const lane = round & 3;
    lanes[lane] = finalise((lanes[lane] as number) + Math.imul(lanes[(lane + 3) & 3] as number, 5) + round);
  }
  if (lanes.every((word) => word === 0)) lanes[0] = 1;
  return lanes;
}

function finalise(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
