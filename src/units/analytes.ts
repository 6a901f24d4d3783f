/**
 * What a conversion must know of an analyte, by catalogue item. Molar masses in g/mol from the molecule's
 * formula and the standard atomic weights (IUPAC 2021, abridged); where laboratories weigh by a convention, it is noted.
 * UREA has none on purpose: `mg/dL` under it may be urea or its nitrogen (BUN), which differ by 2.14.
 */
export interface Analyte {
  readonly molarMass?: string;
  /** Charge of the ion: 1 mol is so many equivalents. */
  readonly valence?: string;
  /** `U`, `[IU]` and `[arb'U]` on a report mean one unit (enzymes' international unit, one WHO standard, one maker). */
  readonly oneUnit?: true;
}

export const ANALYTES: ReadonlyMap<string, Analyte> = new Map<string, Analyte>([
  ['GLU', { molarMass: '180.156' }], // C6H12O6
  ['FPG', { molarMass: '180.156' }],
  ['CREA', { molarMass: '113.120' }], // C4H7N3O
  ['BUN', { molarMass: '28.014' }], // N2: the nitrogen of one urea
  ['UA', { molarMass: '168.112' }], // C5H4N4O3, as uric acid
  ['TBIL', { molarMass: '584.673' }], // C33H36N4O6; conjugates are weighed as bilirubin
  ['DBIL', { molarMass: '584.673' }],
  ['IBIL', { molarMass: '584.673' }],
  ['TC', { molarMass: '386.664' }], // C27H46O; in lipoproteins weighed as cholesterol
  ['HDLC', { molarMass: '386.664' }],
  ['LDLC', { molarMass: '386.664' }],
  ['TG', { molarMass: '885.453' }], // C57H104O6: weighed as triolein
  ['K', { molarMass: '39.0983', valence: '1' }],
  ['NA', { molarMass: '22.98977', valence: '1' }],
  ['CL', { molarMass: '35.45', valence: '1' }],
  ['HCO3', { valence: '1' }],
  ['LI', { molarMass: '6.94', valence: '1' }],
  ['CA', { molarMass: '40.078', valence: '2' }],
  ['MG', { molarMass: '24.305', valence: '2' }],
  ['P', { molarMass: '30.973762' }], // weighed as phosphorus
  ['FE', { molarMass: '55.845' }],
  ['TIBC', { molarMass: '55.845' }], // weighed as the iron bound
  ['LAC', { molarMass: '90.078' }], // C3H6O3, as lactic acid
  ['HCY', { molarMass: '135.181' }], // C4H9NO2S
  ['T3', { molarMass: '650.977' }], // C15H12I3NO4
  ['FT3', { molarMass: '650.977' }],
  ['T4', { molarMass: '776.874' }], // C15H11I4NO4
  ['FT4', { molarMass: '776.874' }],
  ['CORT', { molarMass: '362.466' }], // C21H30O5
  ['E2', { molarMass: '272.388' }], // C18H24O2
  ['PROG', { molarMass: '314.469' }], // C21H30O2
  ['TESTO', { molarMass: '288.431' }], // C19H28O2
  ['B12', { molarMass: '1355.388' }], // C63H88CoN14O14P, as cyanocobalamin
  ['FOL', { molarMass: '441.404' }], // C19H19N7O6, as folic acid
  ['VITD', { molarMass: '400.647' }], // C27H44O2, as 25-hydroxyvitamin D3
  ...['ALT', 'AST', 'GGT', 'ALP', 'CHE', 'LDH', 'CK', 'AMY', 'LPS'].map((item): [string, Analyte] => [
    item,
    { oneUnit: true },
  ]),
  ...['TSH', 'FSH', 'LH', 'HCG', 'INS', 'IGE'].map((item): [string, Analyte] => [item, { oneUnit: true }]),
  ...['CA125', 'CA199', 'CA153', 'CA724'].map((item): [string, Analyte] => [item, { oneUnit: true }]),
]);
