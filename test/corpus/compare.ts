/** Pairs the resources of two bundles by what they share and names every fact in which the pairs differ. */
import type { BundleFacts, Facts } from './facts.ts';

export interface Difference {
  /** `Observation[3].status`: the third of theirs; `Observation[+1]`: one of ours that they do not have. */
  readonly path: string;
  readonly ours: string;
  readonly theirs: string;
}

const KINDS = ['Observation', 'DiagnosticReport', 'Patient', 'Specimen'] as const;

export function differences(ours: BundleFacts, theirs: BundleFacts): Difference[] {
  return KINDS.flatMap((kind) => compareKind(kind, ours[kind], theirs[kind]));
}

function compareKind(kind: string, ours: readonly Facts[], theirs: readonly Facts[]): Difference[] {
  const pairs = pairUp(ours, theirs, kind === 'Observation' ? 10 : 1);
  const found: Difference[] = [];
  theirs.forEach((their, i) => {
    const mine = ours[pairs.get(i) ?? -1];
    if (mine === undefined) found.push({ path: `${kind}[${i + 1}]`, ours: 'absent', theirs: summary(their) });
    else found.push(...compareFacts(`${kind}[${i + 1}]`, mine, their));
  });
  const paired = new Set(pairs.values());
  const extra = ours.filter((_, i) => !paired.has(i));
  extra.forEach((mine, i) => found.push({ path: `${kind}[+${i + 1}]`, ours: summary(mine), theirs: 'absent' }));
  return found;
}

/** Their index → ours: the most alike first; Observations that share no code and no value are no pair. */
function pairUp(ours: readonly Facts[], theirs: readonly Facts[], scoreMin: number): Map<number, number> {
  const scored = theirs.flatMap((their, i) => ours.map((mine, j) => ({ i, j, score: likeness(mine, their) })));
  scored.sort((a, b) => b.score - a.score || a.i - b.i || a.j - b.j);
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  for (const { i, j, score } of scored) {
    if (score < scoreMin || pairs.has(i) || taken.has(j)) continue;
    pairs.set(i, j);
    taken.add(j);
  }
  return pairs;
}

/** Codes weigh most, then values, then the status. */
function likeness(mine: Facts, their: Facts): number {
  let score = 1;
  for (const [name, said] of Object.entries(their)) {
    const codes = new Set(mine[name]?.map(codePart));
    const shared = said.filter((one) => codes.has(codePart(one))).length;
    score += shared * (name === 'code' || name === 'type' ? 100 : name === 'status' ? 2 : 10);
  }
  return score;
}

/** A code found again under another system is still the same test or specimen. */
function codePart(said: string): string {
  return said.slice(said.indexOf('|') + 1);
}

function compareFacts(path: string, mine: Facts, their: Facts): Difference[] {
  const names = [...new Set([...Object.keys(mine), ...Object.keys(their)])].toSorted();
  return names
    .map((name) => ({ path: `${path}.${name}`, ours: said(mine[name]), theirs: said(their[name]) }))
    .filter((difference) => difference.ours !== difference.theirs);
}

function said(facts: readonly string[] | undefined): string {
  return facts === undefined ? 'absent' : facts.join(' ');
}

function summary(facts: Facts): string {
  return `${said(facts['code'] ?? facts['type'] ?? facts['gender'])} ${said(facts['status'])}`;
}
