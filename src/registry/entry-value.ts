/** What the registry keeps of an Observation's value: a quantity, or the value in words. */
import type { CodeableConcept, Observation, ObservationComponent, Quantity, Range, Ratio } from '../terms/fhir.ts';
import type { EntryValue } from '../terms/result-entry.ts';

const UCUM = 'http://unitsofmeasure.org';

export function valueOfEntry(observation: Observation): EntryValue {
  const { valueQuantity } = observation;
  if (valueQuantity?.value !== undefined) {
    const { comparator, value, unit, system, code } = valueQuantity;
    return {
      kind: 'quantity',
      ...(comparator === undefined ? {} : { comparator }),
      value,
      ...(unit === undefined ? {} : { unit }),
      ...(code === undefined || system !== UCUM ? {} : { ucum: code }),
    };
  }
  const own = wordsOf(observation);
  const words = own ?? (observation.component ?? []).map(wordsOfComponent).join('; ');
  return /[^\s;]/.test(words) ? { kind: 'text', text: words } : { kind: 'none' };
}

/** The concept as a reader would say it. */
export function conceptText(concept: CodeableConcept | undefined): string | undefined {
  const coding = concept?.coding?.[0];
  return concept?.text ?? coding?.display ?? coding?.code;
}

/** With its name where it has one of its own in words: of an ECG's numbers each means something else. */
function wordsOfComponent(component: ObservationComponent): string {
  const words = wordsOf(component) ?? '';
  const name = component.code.text ?? '';
  return words === '' || name === '' ? words : `${name} ${words}`;
}

/** A signal is no words: its samples stay in the resource. */
function wordsOf(value: ObservationComponent | Observation): string | undefined {
  if (value.valueQuantity !== undefined) return quantityText(value.valueQuantity);
  if (value.valueString !== undefined) return value.valueString;
  if (value.valueCodeableConcept !== undefined) return conceptText(value.valueCodeableConcept);
  if (value.valueRatio !== undefined) return ratioText(value.valueRatio);
  if (value.valueRange !== undefined) return rangeText(value.valueRange);
  if (value.valuePeriod !== undefined) return `${value.valuePeriod.start ?? ''}/${value.valuePeriod.end ?? ''}`;
  if (value.valueInteger !== undefined) return String(value.valueInteger);
  if (value.valueBoolean !== undefined) return String(value.valueBoolean);
  return value.valueDateTime ?? value.valueTime;
}

function quantityText({ comparator, value, unit }: Quantity): string {
  return `${comparator ?? ''}${value ?? ''}${unit === undefined ? '' : ` ${unit}`}`.trim();
}

function ratioText({ numerator, denominator }: Ratio): string {
  return `${quantityText(numerator ?? {})}:${quantityText(denominator ?? {})}`;
}

function rangeText({ low, high }: Range): string {
  return `${quantityText(low ?? {})}-${quantityText(high ?? {})}`;
}
