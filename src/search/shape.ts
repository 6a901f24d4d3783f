/** How a found resource is shown: `_summary` and `_elements` (R4 search.html 3.1.1.5.8, 3.1.1.5.9). */
import type { SearchQuery } from './query.ts';

/** What R4 marks as part of the summary, of the types that are searched here. */
const SUMMARY: Readonly<Record<string, string>> = {
  Patient:
    'identifier active name telecom gender birthDate deceasedBoolean deceasedDateTime address managingOrganization link',
  Observation:
    'identifier basedOn partOf status code subject focus encounter effectiveDateTime effectivePeriod effectiveTiming effectiveInstant issued performer valueQuantity valueCodeableConcept valueString valueBoolean valueInteger valueRange valueRatio valueSampledData valueTime valueDateTime valuePeriod hasMember derivedFrom component',
  DiagnosticReport:
    'identifier basedOn status category code subject encounter effectiveDateTime effectivePeriod issued performer resultsInterpreter media',
  Specimen: 'identifier accessionIdentifier status type subject receivedTime parent request collection',
  ServiceRequest:
    'identifier instantiatesCanonical instantiatesUri basedOn replaces requisition status intent category priority doNotPerform code orderDetail subject encounter occurrenceDateTime occurrencePeriod occurrenceTiming authoredOn requester performer reasonCode specimen bodySite',
  Encounter: 'identifier status class type priority subject episodeOfCare participant appointment diagnosis location',
  Consent:
    'identifier status scope category patient dateTime organization sourceAttachment sourceReference policyRule provision',
  Organization: 'identifier active type name',
  Practitioner: 'identifier active name telecom address gender',
  PractitionerRole: 'identifier active period practitioner organization code specialty location telecom',
  Location: 'identifier status operationalStatus name mode type physicalType managingOrganization',
  Device: 'identifier status',
  RelatedPerson: 'identifier active patient relationship name telecom gender birthDate address period',
};

/** R4: mandatory elements stay whatever was asked for. */
const MANDATORY: Readonly<Record<string, string>> = {
  Observation: 'status code',
  DiagnosticReport: 'status code',
  ServiceRequest: 'status intent subject',
  Encounter: 'status class',
  Consent: 'status scope category',
  RelatedPerson: 'patient',
};

const ALWAYS = ['resourceType', 'id', 'meta', 'implicitRules'];
const SUBSETTED = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

/** True when resources are shown whole: then their stored text goes out as it is. */
export function isWhole({ summary, elements }: Pick<SearchQuery, 'summary' | 'elements'>): boolean {
  return summary === 'false' && elements.length === 0;
}

/** The resource cut down to what was asked for, tagged SUBSETTED; the input is left as it is. */
export function shaped(
  resource: Readonly<Record<string, unknown>>,
  query: Pick<SearchQuery, 'summary' | 'elements'>,
): Readonly<Record<string, unknown>> {
  if (isWhole(query)) return resource;
  const type = String(resource['resourceType']);
  const kept = new Set([...ALWAYS, ...wordsOf(MANDATORY[type]), ...wanted(type, query)]);
  const without = query.summary === 'data' ? ['text'] : [];
  const entries = Object.entries(resource).filter(([key]) => {
    const element = key.startsWith('_') ? key.slice(1) : key;
    return query.summary === 'data' && query.elements.length === 0 ? !without.includes(element) : kept.has(element);
  });
  const meta = (resource['meta'] ?? {}) as { readonly tag?: readonly unknown[] };
  return { ...Object.fromEntries(entries), meta: { ...meta, tag: [...(meta.tag ?? []), SUBSETTED] } };
}

function wanted(type: string, { summary, elements }: Pick<SearchQuery, 'summary' | 'elements'>): readonly string[] {
  if (elements.length > 0) return elements;
  if (summary === 'text') return ['text'];
  return wordsOf(SUMMARY[type]);
}

function wordsOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(' ');
}
