/**
 * What a doctor of the region orders: panels and single tests, the results that each brings, how soon another
 * hospital tends to order the same again, and why. Ids are those of the sample catalogue.
 */
export interface OrderedPanel {
  readonly id: string;
  readonly name: string;
  readonly initials: string;
  readonly analytes: readonly string[];
  /** Diagnostic service section (HL7 table 0074). */
  readonly section: 'HM' | 'CH' | 'CG' | 'IMM' | 'UR';
  /** Hours until a colleague elsewhere orders it again: [shortest, usual longest]. */
  readonly repeatHours: readonly [number, number];
  /** Hours from collection to report. */
  readonly turnaround: readonly [number, number];
}

const ROWS: readonly (readonly [string, string, string, string, OrderedPanel['section'], number, number])[] = [
  [
    'CBC',
    '血细胞分析(五分类)',
    'XXBFX',
    'WBC NEUTP LYMP NEUT LYM MONO EOS BASO RBC HGB HCT MCV MCH MCHC RDW PLT',
    'HM',
    5,
    60,
  ],
  ['LIVER', '肝功能', 'GGN', 'TP ALB GLO AG TBIL DBIL IBIL ALT AST GGT ALP', 'CH', 20, 260],
  ['KIDNEY', '肾功能', 'SGN', 'UREA CREA UA', 'CH', 20, 260],
  ['LIPIDS', '血脂四项', 'XZSX', 'TC TG HDLC LDLC', 'CH', 30, 500],
  ['ELECTROLYTES', '电解质四项', 'DJZSX', 'K NA CL CA', 'CH', 5, 60],
  ['COAGULATION', '凝血四项', 'NXSX', 'PT INR APTT TT FIB', 'CG', 10, 140],
  ['THYROID', '甲状腺功能三项', 'JGSX', 'TSH FT3 FT4', 'IMM', 48, 500],
  ['HBV5', '乙肝两对半', 'YGLDB', 'HBSAG HBSAB HBEAG HBEAB HBCAB', 'IMM', 48, 900],
  ['HBA1C-P', '糖化血红蛋白测定', 'THXHDB', 'HBA1C', 'CH', 48, 900],
  ['UA-P', '尿液分析(干化学)', 'NYFX', 'UPRO UGLU UKET UBLD ULEU UNIT', 'UR', 5, 60],
  ['GLU', '葡萄糖', 'PTT', 'GLU', 'CH', 5, 60],
  ['CRP', 'C反应蛋白', 'CFYDB', 'CRP', 'IMM', 5, 50],
];

export const PANELS: ReadonlyMap<string, OrderedPanel> = new Map(
  ROWS.map(([id, name, initials, analytes, section, soonest, latest]) => [
    id,
    {
      id,
      name,
      initials,
      analytes: analytes.split(' '),
      section,
      repeatHours: [soonest, latest],
      turnaround: section === 'IMM' ? [4, 20] : [1, 5],
    },
  ]),
);

export function panel(id: string): OrderedPanel {
  const found = PANELS.get(id);
  if (found === undefined) throw new Error('no such panel');
  return found;
}

/** Why somebody comes: the panels that it leads to, and who comes for it. */
export interface VisitReason {
  readonly id: string;
  readonly panels: readonly string[];
  /** Each with its own chance. */
  readonly perhaps: readonly (readonly [string, number])[];
  readonly place: 'outpatient' | 'inpatient' | 'emergency';
}

export const REASONS: Readonly<Record<string, VisitReason>> = {
  checkup: {
    id: 'checkup',
    panels: ['CBC', 'LIVER', 'KIDNEY', 'LIPIDS'],
    perhaps: [
      ['UA-P', 0.6],
      ['GLU', 0.7],
    ],
    place: 'outpatient',
  },
  infection: { id: 'infection', panels: ['CBC'], perhaps: [['CRP', 0.7]], place: 'outpatient' },
  urinary: {
    id: 'urinary',
    panels: ['UA-P'],
    perhaps: [
      ['CBC', 0.5],
      ['KIDNEY', 0.3],
    ],
    place: 'outpatient',
  },
  operation: {
    id: 'operation',
    panels: ['CBC', 'COAGULATION', 'HBV5', 'LIVER', 'KIDNEY', 'ELECTROLYTES'],
    perhaps: [
      ['GLU', 0.4],
      ['UA-P', 0.3],
    ],
    place: 'inpatient',
  },
  emergency: {
    id: 'emergency',
    panels: ['CBC', 'ELECTROLYTES'],
    perhaps: [
      ['COAGULATION', 0.4],
      ['GLU', 0.5],
      ['CRP', 0.3],
    ],
    place: 'emergency',
  },
  diabetes: {
    id: 'diabetes',
    panels: ['HBA1C-P', 'GLU'],
    perhaps: [
      ['LIPIDS', 0.5],
      ['KIDNEY', 0.5],
      ['UA-P', 0.4],
    ],
    place: 'outpatient',
  },
  kidney: {
    id: 'kidney',
    panels: ['KIDNEY', 'ELECTROLYTES'],
    perhaps: [
      ['CBC', 0.6],
      ['UA-P', 0.6],
    ],
    place: 'outpatient',
  },
  liver: {
    id: 'liver',
    panels: ['LIVER'],
    perhaps: [
      ['HBV5', 0.4],
      ['CBC', 0.3],
      ['COAGULATION', 0.2],
    ],
    place: 'outpatient',
  },
  lipid: {
    id: 'lipid',
    panels: ['LIPIDS'],
    perhaps: [
      ['LIVER', 0.6],
      ['GLU', 0.3],
    ],
    place: 'outpatient',
  },
  thyroid: {
    id: 'thyroid',
    panels: ['THYROID'],
    perhaps: [
      ['CBC', 0.2],
      ['LIVER', 0.2],
    ],
    place: 'outpatient',
  },
  anticoagulation: { id: 'anticoagulation', panels: ['COAGULATION'], perhaps: [['CBC', 0.3]], place: 'outpatient' },
  newborn: { id: 'newborn', panels: ['CBC', 'LIVER'], perhaps: [['CRP', 0.5]], place: 'inpatient' },
};
