/** The catalogue's versions: tables are compiled, kept under the digest of their content, compared, and one is active. */
import { done, type Outcome, refuse } from '../base/outcome.ts';
import type { Problem } from '../base/problem.ts';
import { compileCatalogue, type CatalogueTables } from '../recognition/compile-catalogue.ts';
import { diffCatalogues, type Difference } from '../recognition/diff-catalogues.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import { refusalOf } from './answer.ts';
import type { Gateway } from './gateway.ts';
import { lookAgainAtMarks } from './look-again.ts';
import { reindexEntries } from './reindex-entries.ts';

export interface CheckedCatalogue {
  /** Undefined: the tables have faults. */
  readonly catalogue: Catalogue | undefined;
  readonly problems: readonly Problem[];
  /** Against the active one; all of it where none is active. */
  readonly differences: readonly Difference[];
}

const NOTHING: Omit<Catalogue, 'digest'> = {
  sample: true,
  items: new Map(),
  panels: new Map(),
  priceItems: new Map(),
  prices: [],
  marks: [],
  containment: [],
  windows: [],
  acceptance: [],
  situations: [],
  refusalReasons: [],
  consequences: [],
};
const EMPTY: Catalogue = { digest: '', ...NOTHING };

/** Compiles tables over the active catalogue, and keeps nothing: tables that are not given keep its rows. */
export async function checkCatalogue(gateway: Gateway, tables: CatalogueTables): Promise<CheckedCatalogue> {
  const active = (await gateway.reference.current()).catalogue;
  const { value, problems } = compileCatalogue(tables, active);
  return {
    catalogue: value,
    problems,
    differences: value === undefined ? [] : diffCatalogues(active ?? EMPTY, value),
  };
}

/**
 * Compiles tables into a catalogue, keeps it, and makes it the active one unless it is to be looked at first. Every fault is
 * answered at once, with file, line and column. With an active one that changes, what is stored is re-indexed: codes whose
 * item the catalogue has only now, codes that it knows by LOINC, items that it lost.
 */
export async function importCatalogue(
  gateway: Gateway,
  tables: CatalogueTables,
  { activate = true }: { readonly activate?: boolean } = {},
): Promise<CheckedCatalogue & { readonly reindexed: number }> {
  const checked = await checkCatalogue(gateway, tables);
  if (checked.catalogue === undefined) return { ...checked, reindexed: 0 };
  await gateway.store.reference.putCatalogue(checked.catalogue, gateway.clock.now());
  if (!activate) return { ...checked, reindexed: 0 };
  const activated = await activateCatalogue(gateway, checked.catalogue.digest);
  return { ...checked, reindexed: activated.ok ? activated.value.reindexed : 0 };
}

/** Makes a version that is kept the active one. */
export async function activateCatalogue(
  gateway: Gateway,
  digest: string,
): Promise<Outcome<{ readonly digest: string; readonly reindexed: number }>> {
  const before = (await gateway.reference.current()).catalogue;
  if (!(await gateway.store.reference.activateCatalogue(digest))) return unknownVersion();
  gateway.reference.refresh();
  const { catalogue } = await gateway.reference.current();
  if (before !== undefined && catalogue !== undefined && losesMarks(before, catalogue)) await lookAgainAtMarks(gateway);
  return done({ digest, reindexed: await reindexEntries(gateway) });
}

/** A mark that is gone, or was changed: what was recognised under it may not have been worth it. */
function losesMarks(before: Catalogue, after: Catalogue): boolean {
  const kept = new Set(after.marks.map((mark) => JSON.stringify(mark)));
  return before.marks.some((mark) => !kept.has(JSON.stringify(mark)));
}

/** What version `to` says otherwise than `from`; without `from`, than the active one. */
export async function compareCatalogues(
  gateway: Gateway,
  { from, to }: { readonly from?: string | undefined; readonly to: string },
): Promise<Outcome<readonly Difference[]>> {
  const { reference } = gateway.store;
  const [old, now] = await Promise.all([
    from === undefined ? reference.activeCatalogue() : reference.catalogue(from),
    reference.catalogue(to),
  ]);
  return old === undefined || now === undefined ? unknownVersion() : done(diffCatalogues(old, now));
}

function unknownVersion(): Outcome<never> {
  return refuse(refusalOf('not-found', 'gateway/unknown-catalogue', 'digest'));
}
