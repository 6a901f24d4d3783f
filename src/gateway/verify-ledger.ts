/** Walks every chain as stored, and names the first broken or long unsealed entry (SETTLED 12). */
import { createVerifier, type VerifyReport } from '../ledger/verify.ts';
import type { Gateway } from './gateway.ts';

export interface Verification {
  readonly ok: boolean;
  readonly entries: number;
  readonly sealed: number;
  /** Of the first chain that does not hold. */
  readonly broken?: Pick<VerifyReport, 'chain' | 'broken' | 'firstLongUnsealed'>;
  readonly chains: readonly VerifyReport[];
}

const PAGE = 500;

/** Memory stays flat in the length of the chains. */
export async function verifyLedger(gateway: Gateway, context: { readonly running: boolean }): Promise<Verification> {
  const { ledger } = gateway.store;
  const chains: VerifyReport[] = [];
  for (const chain of await ledger.chains()) {
    const verifier = createVerifier(chain, { gatewayRunning: context.running, now: gateway.clock.now() });
    let page = await ledger.page(chain, 0, PAGE);
    while (page.length > 0) {
      for (const { entry, seal } of page) verifier.take(entry, seal);
      page = await ledger.page(chain, page.at(-1)?.seal.seq ?? 0, PAGE);
    }
    for (const entry of await ledger.unsealed(chain)) verifier.takeUnsealed(entry);
    chains.push(verifier.report());
  }
  const wrong = chains.find((report) => !report.ok);
  const sealed = chains.reduce((sum, report) => sum + report.sealed, 0);
  return {
    ok: wrong === undefined,
    entries: sealed + chains.reduce((sum, report) => sum + report.unsealed, 0),
    sealed,
    ...(wrong === undefined
      ? {}
      : { broken: { chain: wrong.chain, broken: wrong.broken, firstLongUnsealed: wrong.firstLongUnsealed } }),
    chains,
  };
}
