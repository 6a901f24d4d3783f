/** FHIR R4 resources as Concord holds them: those of @types/fhir with Decimal where R4 has a decimal. */
import type * as R4 from 'fhir/r4';
import type { Decimal } from '../base/decimal.ts';

export type {
  CodeableConcept,
  Coding,
  Identifier,
  Reference,
  Extension,
  Annotation,
  Attachment,
  Period,
} from 'fhir/r4';
export type {
  Device,
  Encounter,
  HumanName,
  Location,
  MessageHeader,
  Organization,
  OperationOutcome,
  Patient,
  Practitioner,
  PractitionerRole,
  Provenance,
  RelatedPerson,
  ServiceRequest,
} from 'fhir/r4';

export type Quantity = Omit<R4.Quantity, 'value'> & { value?: Decimal };
export type Range = Omit<R4.Range, 'low' | 'high'> & { low?: Quantity; high?: Quantity };
export type Ratio = Omit<R4.Ratio, 'numerator' | 'denominator'> & { numerator?: Quantity; denominator?: Quantity };
export type SampledData = Omit<R4.SampledData, 'origin' | 'period' | 'factor' | 'lowerLimit' | 'upperLimit'> & {
  origin: Quantity;
  period: Decimal;
  factor?: Decimal;
  lowerLimit?: Decimal;
  upperLimit?: Decimal;
};

type DecimalValues = {
  valueQuantity?: Quantity;
  valueRange?: Range;
  valueRatio?: Ratio;
  valueSampledData?: SampledData;
};

export type ReferenceRange = Omit<R4.ObservationReferenceRange, 'low' | 'high' | 'age'> & {
  low?: Quantity;
  high?: Quantity;
  age?: Range;
};

export type ObservationComponent = Omit<R4.ObservationComponent, keyof DecimalValues | 'referenceRange'> &
  DecimalValues & { referenceRange?: ReferenceRange[] };

export type Observation = Omit<R4.Observation, keyof DecimalValues | 'referenceRange' | 'component'> &
  DecimalValues & { referenceRange?: ReferenceRange[]; component?: ObservationComponent[] };

export type SpecimenCollection = Omit<R4.SpecimenCollection, 'quantity' | 'duration'> & { quantity?: Quantity };
export type Specimen = Omit<R4.Specimen, 'collection' | 'processing' | 'container'> & {
  collection?: SpecimenCollection;
  container?: R4.SpecimenContainer[];
};

export type DiagnosticReport = R4.DiagnosticReport;

/** Any resource, where only its type and id matter. */
export interface Resource {
  readonly resourceType: string;
  id?: string;
}
