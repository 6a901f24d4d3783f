/**
 * Why our bundle differs from another converter's: one rule per reason, each as narrow as the difference that
 * it explains, with the fact that it rests on. A difference that no rule explains has no clause, and fails.
 */
import type { Difference } from './compare.ts';

export type Source = 'microsoft' | 'reportstream';

interface Rule {
  readonly source: Source;
  /** `Observation.unitCode`, `Specimen` for a whole resource. */
  readonly path: string;
  readonly when: (ours: string, theirs: string) => boolean;
  readonly clause: string;
}

const FACTS = 'hl7v2-oru-to-fhir';
const absentOurs = (ours: string): boolean => ours === 'absent';
const absentTheirs = (_: string, theirs: string): boolean => theirs === 'absent';
const unknownTheirs = (_: string, theirs: string): boolean => theirs === 'unknown';

const RULES: readonly Rule[] = [
  {
    source: 'microsoft',
    path: 'Observation.unitCode',
    when: absentTheirs,
    clause: `${FACTS} 4: units are given a UCUM code; no surveyed converter does`,
  },
  {
    source: 'microsoft',
    path: 'Observation.unitCode',
    when: (ours, theirs) => ours === '/min' && theirs === 'beats/min',
    clause: `${FACTS} 4: the code is UCUM's; theirs repeats OBX-6.1 as a code of UCUM, which it is not`,
  },
  {
    source: 'microsoft',
    path: 'Observation.unit',
    when: (ours, theirs) => ours === 'beats/min' && theirs === 'absent',
    clause: `${FACTS} 4: unit = CWE.2 or CWE.1; theirs leaves it out`,
  },
  {
    source: 'microsoft',
    path: 'Observation.status',
    when: (ours, theirs) => theirs === 'unknown' && (ours === 'registered' || ours === 'preliminary'),
    clause: `${FACTS} 7, table 0085: I and O are registered, S and R preliminary; theirs maps them to unknown`,
  },
  {
    source: 'microsoft',
    path: 'DiagnosticReport.status',
    when: unknownTheirs,
    clause: `${FACTS} 7, table 0123: an empty OBR-25 is derived from OBX-11, O I S R A P have a status; theirs is unknown`,
  },
  {
    source: 'microsoft',
    path: 'Observation.absent',
    when: (ours, theirs) => ours === 'unknown' && theirs === 'absent',
    clause: `${FACTS} 3, last row: an OBX without a value says so by dataAbsentReason`,
  },
  {
    source: 'microsoft',
    path: 'Observation',
    when: absentTheirs,
    clause:
      'DESIGN 5, total accounting: every OBX is an Observation, those of RP, ED and without a code too; theirs drops it',
  },
  {
    source: 'microsoft',
    path: 'DiagnosticReport',
    when: (ours, theirs) => ours === 'absent' && theirs !== 'absent absent',
    clause: `${FACTS} 1: one DiagnosticReport per OBR; theirs makes one of every OBX of RP or ED`,
  },
  {
    source: 'microsoft',
    path: 'DiagnosticReport',
    when: (ours, theirs) => ours === 'absent' && theirs === 'absent absent',
    clause: `${FACTS} 1: one DiagnosticReport per OBR; theirs makes an empty one`,
  },
  {
    source: 'microsoft',
    path: 'DiagnosticReport.code',
    when: absentOurs,
    clause: `${FACTS} 2, OBR-4: the code of a report is OBR-4, empty here; theirs takes OBX-3 of an OBX of RP or ED`,
  },
  {
    source: 'microsoft',
    path: 'Specimen.type',
    when: absentTheirs,
    clause: `${FACTS} 2: Specimen.type from SPM-4, or OBR-15.1 of older senders; theirs leaves it out`,
  },
  {
    source: 'microsoft',
    path: 'Specimen.type',
    when: (ours, theirs) => ours === `snomed${theirs}`,
    clause: `${FACTS} 3, coding systems: SCT is http://snomed.info/sct; theirs has no such system`,
  },
  {
    source: 'microsoft',
    path: 'Specimen',
    when: (ours, theirs) => ours === 'absent' && theirs === 'absent absent',
    clause: 'DESIGN 5: nothing is invented; theirs is a Specimen without type, a second one or one without content',
  },
  {
    source: 'reportstream',
    path: 'Specimen',
    when: (ours, theirs) => ours === 'absent' && theirs === 'absent absent',
    clause: 'DESIGN 5: nothing is invented; theirs makes a Specimen of an OBR that states nothing of one',
  },
  {
    source: 'reportstream',
    path: 'Specimen',
    when: (ours, theirs) => ours === 'absent absent' && theirs === 'absent',
    clause: 'SETTLED 6: each report holds its own Specimen; theirs is shared by two reports',
  },
  {
    source: 'reportstream',
    path: 'Patient',
    when: (ours, theirs) => ours === 'absent' && theirs === 'absent absent',
    clause: 'SETTLED 7: a PID with neither identifier nor name, or without a report, makes no Patient of the facility',
  },
  {
    source: 'reportstream',
    path: 'Patient.birthDate',
    when: absentOurs,
    clause: 'DESIGN 5: nothing is invented; the message has no PID-7 (their bundle is what it was made from)',
  },
  {
    source: 'reportstream',
    path: 'Observation',
    when: (ours) => ours === 'absent',
    clause: 'DESIGN 5: nothing is invented; the message has no such OBX (their bundle is what it was made from)',
  },
  {
    source: 'reportstream',
    path: 'Observation.status',
    when: (ours, theirs) => ours === 'final' && theirs === 'unknown',
    clause: `${FACTS} 7, table 0085, empty: derived from OBR-25, which is F`,
  },
  {
    source: 'reportstream',
    path: 'Observation.status',
    when: (ours, theirs) => ours === 'cancelled' && theirs === 'unknown',
    clause: `${FACTS} 7, table 0085: N is cancelled with dataAbsentReason not-asked`,
  },
  {
    source: 'reportstream',
    path: 'DiagnosticReport.status',
    when: (ours, theirs) => ours === 'corrected' && theirs === 'entered-in-error',
    clause: `${FACTS} 7, table 0123: C is corrected`,
  },
  {
    source: 'reportstream',
    path: 'DiagnosticReport.status',
    when: (ours, theirs) => ours === 'unknown' && theirs === 'entered-in-error',
    clause: `${FACTS} 2, OBR-25 empty: derived from the OBX, else unknown; nobody said that it was an error`,
  },
  {
    source: 'reportstream',
    path: 'Observation.absent',
    when: absentOurs,
    clause: `${FACTS} 3, last row: an empty OBX-5 has a dataAbsentReason where OBX-11 is N, X, O or I; here it is C or F`,
  },
  {
    source: 'reportstream',
    path: 'Observation.unit',
    when: (ours, theirs) => /Mass Concentration Units/.test(ours) && theirs === 'ug/mL',
    clause: `${FACTS} 4: unit = CWE.2 or CWE.1; theirs is CWE.1`,
  },
  {
    source: 'reportstream',
    path: 'Observation.unitCode',
    when: (ours, theirs) => ours !== 'absent' && (theirs === 'absent' || theirs === '1'),
    clause: `${FACTS} 4: units are given a UCUM code; theirs has none, or the 1 of an empty one`,
  },
  {
    source: 'reportstream',
    path: 'Observation.interpretation',
    when: (ours, theirs) => ours === 'absent' && theirs === '1 2',
    clause: `${FACTS} 7, table 0078: 1 and 2 are no codes of it; their text is kept`,
  },
];

/** SN whose first component is none of < <= >= > and empty: everything of it is kept as text. */
const UNREADABLE_SN = `${FACTS} 3, SN: the comparator is none, so the whole is kept as valueString; theirs makes a ratio of it`;
const SN_FILE = '__OBX-to-Observation-sn-as-ratio-value-colon.hl7';
const SN_PATHS = new Set(['number', 'text', 'unit', 'unitCode'].map((fact) => `Observation[1].${fact}`));

/** Differences of one message only. */
const SINGLE: Readonly<Record<string, string>> = {
  'microsoft-fhir-converter/ORU-R01-01.hl7 Specimen[1]': `${FACTS} 2, OBR-15: it is for senders without SPM; this message has one, so OBR-15 makes no second Specimen`,
  '__OBX-to-Observation-ed-value.hl7 Observation[1].text': `${FACTS} 3, ED: data that is no Base64 is no attachment; its text is kept, theirs drops it`,
  '__OBX-to-Observation-obx-33-no-extension.hl7 Observation[1].moment': `${FACTS} 3, TM: hh:mm:ss; theirs keeps the form of HL7, which is no FHIR time`,
  '__annotation_author_string_resource_test_file.hl7 Observation[1]': `${FACTS} 7, table 0085: F is final; without a code the two are not paired`,
  '__annotation_author_string_resource_test_file.hl7 Observation[+1]': `${FACTS} 7, table 0085: F is final; without a code the two are not paired`,
};

export function clauseFor(source: Source, file: string, difference: Difference): string {
  const short = `${/__[^_].*$/.exec(file.replace(/^.*__(?=[^_])/, '__'))?.[0] ?? file} ${difference.path}`;
  const single = SINGLE[short];
  if (single !== undefined) return single;
  if (short.startsWith(SN_FILE) && SN_PATHS.has(difference.path)) return UNREADABLE_SN;
  const path = difference.path.replace(/\[\+?\d+\]/, '');
  const rule = RULES.find(
    (one) => one.source === source && one.path === path && one.when(difference.ours, difference.theirs),
  );
  return rule?.clause ?? '';
}
