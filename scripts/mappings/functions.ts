/**
 * The named datatype functions that tables may call where rows cannot say it. `text` functions get one
 * primitive's text, `place` functions a whole value and read its parts themselves, `list` functions a
 * whole field and give a list.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MapFunction {
  readonly reads: 'text' | 'place' | 'list';
  /** R4 type, or the resource that a Reference row shares. */
  readonly gives: string;
  /** File under src/mapping/datatypes. */
  readonly file: string;
  readonly name: string;
  /** Other fields of the segment that it reads. */
  readonly also?: readonly number[];
}

const text = (file: string, name: string, gives: string): MapFunction => ({ reads: 'text', gives, file, name });
const place = (file: string, name: string, gives: string, also: readonly number[] = []): MapFunction => ({
  reads: 'place',
  gives,
  file,
  name,
  also,
});

const list = (file: string, name: string, gives: string): MapFunction => ({ reads: 'list', gives, file, name });

export const FUNCTIONS: Readonly<Record<string, MapFunction>> = {
  'DTM[dateTime]': text('date-times', 'dtmToDateTime', 'dateTime'),
  'DTM[instant]': text('date-times', 'dtmToInstant', 'instant'),
  'DTM[date]': text('date-times', 'dtmToDate', 'date'),
  'DTM[birthTime]': text('date-times', 'dtmToBirthTime', 'dateTime'),
  'TM[time]': text('date-times', 'tmToTime', 'time'),
  'NM[decimal]': text('numbers', 'nmToDecimal', 'decimal'),
  'NM[integer]': text('numbers', 'nmToPositiveInt', 'integer'),
  'NM[positiveInt]': text('numbers', 'nmToPositiveInt', 'positiveInt'),
  'ID[boolean]': text('booleans', 'idToBoolean', 'boolean'),
  'CWE.3[system]': text('systems', 'codingSystem', 'uri'),
  'ST[url]': text('systems', 'textToUrl', 'url'),
  'ST[code]': text('systems', 'textToCode', 'code'),
  'ST[language]': text('systems', 'textToLanguage', 'code'),
  'HD[system]': place('systems', 'hdToSystem', 'uri'),
  'HD[endpoint]': place('systems', 'hdToEndpoint', 'url'),
  'HD[Organization]': place('organizations', 'hdToOrganization', 'Organization'),
  'CX[system]': place('systems', 'cxToSystem', 'uri'),
  'XPN[family]': place('names', 'xpnToFamily', 'string'),
  'HD[name]': place('systems', 'hdToName', 'string'),
  'XPN[alias]': place('aliases', 'xpnToAlias', 'HumanName'),
  'XAD[line]': place('addresses', 'xadToLine', 'string'),
  'XTN[value]': place('telecoms', 'xtnToValue', 'string'),
  'XTN[telecomSystem]': place('telecoms', 'xtnToSystem', 'code'),
  'XTN[mobile]': text('telecoms', 'cellularToMobile', 'code'),
  'XTN[homeContact]': place('contacts', 'xtnToHomeContact', 'ContactPoint'),
  'XTN[workContact]': place('contacts', 'xtnToWorkContact', 'ContactPoint'),
  'PID-19[Identifier]': place('identifiers', 'ssnToIdentifier', 'Identifier'),
  'PV1-19[Identifier]': place('identifiers', 'visitToIdentifier', 'Identifier'),
  'EI[PlacerIdentifier]': place('identifiers', 'eiToPlacer', 'Identifier'),
  'EI[FillerIdentifier]': place('identifiers', 'eiToFiller', 'Identifier'),
  'EI[GroupIdentifier]': place('identifiers', 'eiToGroup', 'Identifier'),
  'EI[ShipmentIdentifier]': place('identifiers', 'eiToShipment', 'Identifier'),
  'EIP.1[PlacerGroup]': place('identifiers', 'eipToPlacer', 'Identifier'),
  'EIP.2[FillerGroup]': place('identifiers', 'eipToFiller', 'Identifier'),
  'EIP[Identifier]': place('identifiers', 'eipToIdentifier', 'Identifier'),
  'CWE[SpecimenType]': place('specimen-types', 'cweToSpecimenType', 'CodeableConcept'),
  'CWE[MaritalStatus]': place('specimen-types', 'cweToMaritalStatus', 'CodeableConcept'),
  'SPS.1[SpecimenType]': place('specimen-types', 'spsToSpecimenType', 'CodeableConcept'),
  'SPS.2[CodeableConcept]': place('specimen-types', 'spsToAdditive', 'CodeableConcept'),
  'SPS.4[CodeableConcept]': place('specimen-types', 'spsToBodySite', 'CodeableConcept'),
  'SPS.6[CodeableConcept]': place('specimen-types', 'spsToModifier', 'CodeableConcept'),
  'NDL[Technician]': place('practitioners', 'ndlToTechnician', 'PractitionerRole'),
  'NDL[Transcriptionist]': place('practitioners', 'ndlToTranscriptionist', 'PractitionerRole'),
  'EI[system]': place('systems', 'eiToSystem', 'uri'),
  'CWE[MarkedConcept]': place('marked-concept', 'cweToMarkedConcept', 'CodeableConcept'),
  'CWE[Organization]': place('organizations', 'cweToOrganization', 'Organization'),
  'XON[system]': place('systems', 'xonToSystem', 'uri'),
  'OBX[PerformingOrganization]': place('organizations', 'obxToPerformingOrganization', 'Organization', [24]),
  'ORC[OrderingOrganization]': place('organizations', 'orcToOrderingOrganization', 'Organization', [22, 23]),
  'ORC[OrderingPractitioner]': place('practitioners', 'orcToOrderingPractitioner', 'Practitioner', [24]),
  'XCN[system]': place('systems', 'xcnToSystem', 'uri'),
  'XCN[ResponsibleObserver]': place('practitioners', 'xcnToResponsibleObserver', 'PractitionerRole'),
  'XCN[MedicalDirector]': place('practitioners', 'xcnToMedicalDirector', 'PractitionerRole', [23, 24]),
  'ORC[OrderingRole]': place('practitioners', 'orcToOrderingRole', 'PractitionerRole', [21, 22, 23, 24]),
  'NDL[PractitionerRole]': place('practitioners', 'ndlToPractitionerRole', 'PractitionerRole'),
  'PL[Location]': place('locations', 'plToLocation', 'Location'),
  'EI[Device]': place('devices', 'eiToDevice', 'Device'),
  'NM[Quantity]': place('values', 'nmToQuantity', 'Quantity'),
  'SN[Quantity]': place('values', 'snToQuantity', 'Quantity'),
  'SN[Ratio]': place('values', 'snToRatio', 'Ratio'),
  'SN[Range]': place('values', 'snToRange', 'Range'),
  'SN[string]': place('values', 'snToString', 'string'),
  'NR[Range]': place('values', 'nrToRange', 'Range'),
  'NA[SampledData]': place('values', 'naToSampledData', 'SampledData'),
  'ST[Quantity]': place('values', 'stToQuantity', 'Quantity'),
  'OBX-5[string]': place('values', 'valueToString', 'string'),
  'OBX-5[readable]': place('readable', 'valueToReadable', 'string'),
  'ED[Attachment]': place('attachments', 'edToAttachment', 'Attachment'),
  'RP[Attachment]': place('attachments', 'rpToAttachment', 'Attachment'),
  'CQ[Quantity]': place('values', 'cqToQuantity', 'Quantity'),
  'OBX-7[referenceRange]': list('reference-ranges', 'obxToReferenceRanges', 'BackboneElement'),
  'OBX-8[interpretation]': list('interpretations', 'interpretationsOf', 'CodeableConcept'),
  'NTE[markdown]': place('texts', 'nteToMarkdown', 'markdown'),
};

const sources = new Map<string, string>();

/** How many parameters the function has; undefined when its file exports no such function. */
export function parametersOf(fn: MapFunction): number | undefined {
  let source = sources.get(fn.file);
  if (source === undefined) {
    source = readFileSync(
      join(import.meta.dirname, '..', '..', 'src', 'mapping', 'datatypes', `${fn.file}.ts`),
      'utf8',
    );
    sources.set(fn.file, source);
  }
  const match = new RegExp(`^export function ${fn.name}\\(([^)]*)\\)`, 'm').exec(source);
  if (match === null) return undefined;
  return (match[1] as string).split(',').filter((parameter) => parameter.trim() !== '').length;
}

/** Words of the assignment column that stand for something the message's context knows. */
export const CONSTANTS: Readonly<Record<string, { readonly gives: string; readonly code: string }>> = {
  'local-code-system': { gives: 'uri', code: 'run.localCodeSystem' },
  'local-identifier-system': { gives: 'uri', code: 'run.localIdentifierSystem' },
};
