/** Who gains what is net (facts: recognition-domain 5.2, rule 7): split as the askers told it, to the fen. */
import type { Attribution, MonthFigures } from '../terms/month-report.ts';
import type { PayerSplit } from '../terms/visit.ts';

export function attributionOf(paid: MonthFigures['paid']): Attribution {
  const sums = { drgFen: 0, patientFen: 0, fundFen: 0, deductibleFen: 0, unattributedFen: 0 };
  for (const { drg, split, netFen } of paid) {
    // Of a case that is paid as a whole nobody but the hospital has less to pay.
    if (drg) sums.drgFen += netFen;
    else if (split === null) sums.unattributedFen += netFen;
    else {
      const shares = shared(netFen, JSON.parse(split) as PayerSplit);
      sums.patientFen += shares.patient;
      sums.fundFen += shares.fund;
      sums.deductibleFen += shares.deductible;
    }
  }
  return sums;
}

/** In whole fen that make the sum: what rounding leaves over goes to the largest remainders (Hamilton), patient first. */
function shared(fen: number, split: PayerSplit): PayerSplit {
  const parts = (['patient', 'fund', 'deductible'] as const).map((name) => {
    const exact = fen * split[name];
    return { name, whole: Math.floor(exact / 1000), rest: ((exact % 1000) + 1000) % 1000 };
  });
  let left = fen - parts.reduce((sum, { whole }) => sum + whole, 0);
  const made = { patient: 0, fund: 0, deductible: 0 };
  for (const { name, whole } of parts.toSorted((one, other) => other.rest - one.rest)) {
    made[name] = whole + (left > 0 ? 1 : 0);
    left--;
  }
  return made;
}
