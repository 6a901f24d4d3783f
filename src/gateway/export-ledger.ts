/** The ledger as lines, page by page: memory stays flat in its length. */
import { printLine } from '../ledger/export-form.ts';
import type { ExportedChain } from '../ledger/export-form.ts';
import type { Gateway } from './gateway.ts';

const PAGE = 500;

/** Texts of many lines each, every line with its break. */
export async function* exportLedger(gateway: Gateway): AsyncGenerator<string> {
  const { ledger } = gateway.store;
  const chains: ExportedChain[] = [];
  yield `${printLine({ kind: 'head', head: { form: 1, issuer: gateway.publicUrl, at: gateway.clock.now() } })}\n`;
  for (const chain of await ledger.chains()) {
    let sealed = 0;
    // What is sealed while the chain is read stands with the sealed: the waiting are read first.
    const waiting = await ledger.unsealed(chain);
    const open = new Set(waiting.map(({ id }) => id));
    let places = 0;
    for (let page = await ledger.page(chain, 0, PAGE); page.length > 0; page = await ledger.page(chain, sealed, PAGE)) {
      yield page.map(({ entry, seal }) => `${printLine({ kind: 'place', entry, seal })}\n`).join('');
      for (const { seal } of page) open.delete(seal.entry);
      places += page.length;
      sealed = page.at(-1)?.seal.seq ?? sealed;
    }
    const unsealed = waiting.filter(({ id }) => open.has(id));
    yield unsealed.map((entry) => `${printLine({ kind: 'unsealed', entry })}\n`).join('');
    chains.push({ chain, sealed: places, unsealed: unsealed.length });
  }
  yield `${printLine({ kind: 'end', chains })}\n`;
}
