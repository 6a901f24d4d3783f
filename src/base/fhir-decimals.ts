/**
 * Where FHIR R4 has a decimal: the pairs (property that holds the object, property in it) over all of R4, taken
 * from its StructureDefinitions; a test compares them. No pair is a decimal in one place and something else in
 * another, so that a pair decides (Quantity.value is a number, Identifier.value and ContactPoint.value are not).
 */

/** Properties that hold a Quantity, Money, Duration, Age, Count or Distance: `value` in them is a decimal. */
const QUANTITIES = (
  'abatementAge adjudication adjustment ageAge allowedMoney amount amountQuantity answerQuantity ' +
  'areaUnderCurve boundsDuration caloricDensity capacity characteristicQuantity cost dailyAmount ' +
  'daysSupply deceasedAge defaultValueAge defaultValueCount defaultValueDistance defaultValueDuration ' +
  'defaultValueMoney defaultValueQuantity denominator depth detailQuantity dispenseInterval dose ' +
  'doseQuantity due dueDuration duration durationQuantity effectEstimate expectedSupplyDuration ' +
  'externalDiameter fastingStatusDuration firstDose fixedAge fixedCount fixedDistance fixedDuration ' +
  'fixedMoney fixedQuantity halfLife halfLifePeriod height high highLimit instancesQuantity length ' +
  'lethalDose50 low lowLimit maxDosePerAdministration maxDosePerDay maxDosePerLifetime maxDuration ' +
  'maxSingleDose maxTreatmentPeriod maxValueQuantity maxVolumeToDeliver measureScore minValueQuantity ' +
  'minimumVolumeQuantity net nominalVolume numerator offsetDuration onsetAge origin ' +
  'participantEffectiveDuration participantEffectiveTimeFromStart patternAge patternCount ' +
  'patternDistance patternDuration patternMoney patternQuantity paymentAmount performedAge period ' +
  'priceOverride quantity quantityQuantity rateQuantity retentionTime riskEstimate score ' +
  'specimenQuantity studyEffectiveDuration studyEffectiveTimeFromStart timingAge timingDuration total ' +
  'totalGross totalNet unitPrice usedMoney value valueAge valueCount valueDistance valueDuration ' +
  'valueMoney valueQuantity weight width'
).split(' ');

/** Other decimals: the property, then those that hold it; an empty name is the resource itself. */
const OTHERS: readonly (readonly [key: string, holders: string])[] = [
  ['add', 'lensSpecification'],
  ['altitude', 'position'],
  ['amount', 'prism'],
  ['backCurve', 'lensSpecification'],
  ['conversionFactor', 'quantitativeDetails'],
  ['cylinder', 'lensSpecification'],
  ['diameter', 'lensSpecification'],
  ['duration', ' repeat'],
  ['durationMax', 'repeat'],
  ['fMeasure', 'roc'],
  ['fScore', 'quality'],
  [
    'factor',
    'addItem defaultValueSampledData detail fixedSampledData item patternSampledData priceComponent subDetail totalPriceComponent valueSampledData valuedItem',
  ],
  ['factorOverride', ''],
  ['from', 'precisionEstimate'],
  ['gtFP', 'quality'],
  ['latitude', 'position'],
  ['level', 'precisionEstimate'],
  ['longitude', 'position'],
  ['lowerLimit', 'defaultValueSampledData fixedSampledData patternSampledData valueSampledData'],
  ['period', 'defaultValueSampledData fixedSampledData patternSampledData repeat valueSampledData'],
  ['periodMax', 'repeat'],
  ['points', 'valuedItem'],
  ['power', 'lensSpecification'],
  ['precision', 'quality roc'],
  ['queryFP', 'quality'],
  ['queryTP', 'quality'],
  ['recall', 'quality'],
  ['relativeRisk', 'prediction'],
  ['score', ' search'],
  ['sensitivity', 'roc'],
  ['sphere', 'lensSpecification'],
  ['temperature', 'storage'],
  ['to', 'precisionEstimate'],
  ['truthFN', 'quality'],
  ['truthTP', 'quality'],
  ['upperLimit', 'defaultValueSampledData fixedSampledData patternSampledData valueSampledData'],
];

/** Choice types spell the decimal in the property's name, wherever it stands. */
const CHOICES = [
  'answerDecimal',
  'defaultValueDecimal',
  'fixedDecimal',
  'maxValueDecimal',
  'minValueDecimal',
  'patternDecimal',
  'probabilityDecimal',
  'valueDecimal',
];

export const DECIMAL_CHOICES: ReadonlySet<string> = new Set(CHOICES);

/** Property that holds the object → the properties in it that are decimals, beside `DECIMAL_CHOICES`. */
export const DECIMALS_WITHIN: ReadonlyMap<string, ReadonlySet<string>> = pairsByHolder();

function pairsByHolder(): ReadonlyMap<string, ReadonlySet<string>> {
  const pairs = new Map<string, Set<string>>(QUANTITIES.map((holder) => [holder, new Set(['value'])]));
  for (const [key, holders] of OTHERS) {
    for (const holder of holders.split(' ')) {
      const keys = pairs.get(holder);
      if (keys === undefined) pairs.set(holder, new Set([key]));
      else keys.add(key);
    }
  }
  return pairs;
}
