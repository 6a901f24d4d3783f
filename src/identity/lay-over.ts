/**
 * What a message or a question states of a known Patient, laid over what is known (decision 9): an HIS sends
 * less than a LIS, and a ward less than both. A newer version never knows less, so that a number on which a
 * link rests is not forgotten, and a name is not denied by silence.
 */
import type { Identifier, Patient } from '../terms/fhir.ts';
import type { IdentityFacts, StatedIdentifier } from '../terms/mapped.ts';

export function layOver(
  known: (Patient & { id: string }) | undefined,
  stated: Patient & { id: string },
): Patient & { id: string } {
  if (known === undefined) return stated;
  return {
    ...known,
    ...stated,
    ...(stated.name === undefined && known.name === undefined ? {} : { name: stated.name ?? known.name ?? [] }),
    ...identifiers(known.identifier ?? [], stated.identifier ?? []),
  };
}

/** A stated identifier replaces those of its type and system; the others stay. */
function identifiers(known: readonly Identifier[], stated: readonly Identifier[]): { identifier?: Identifier[] } {
  const restated = new Set(stated.map(slotOf));
  const kept = known.filter((identifier) => !restated.has(slotOf(identifier)));
  const all = [...stated, ...kept];
  return all.length === 0 ? {} : { identifier: all };
}

function slotOf({ type, system, value }: Identifier): string {
  const codes = (type?.coding ?? []).map(({ code }) => code ?? '').join(' ');
  // Untyped and without a system, a number says nothing of what it replaces.
  return codes === '' && system === undefined ? `value ${value ?? ''}` : `${codes}|${system ?? ''}`;
}

/** The same for the facts that identity judges by; what was stated keeps its positions. */
export function layOverFacts(known: IdentityFacts | undefined, stated: IdentityFacts): IdentityFacts {
  if (known === undefined) return stated;
  const restated = new Set(stated.identifiers.map(factSlotOf));
  return {
    ...known,
    ...stated,
    names: stated.names.length > 0 ? stated.names : known.names,
    identifiers: [...stated.identifiers, ...known.identifiers.filter((one) => !restated.has(factSlotOf(one)))],
  };
}

function factSlotOf({ type, system, value }: StatedIdentifier): string {
  return type === '' && system === '' ? `value ${value}` : `${type}|${system}`;
}
