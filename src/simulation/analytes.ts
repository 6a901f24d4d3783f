/**
 * What the region's laboratories measure: name, LOINC, spellings' base, usual interval by sex and how far a
 * value moves within one person (biological and analytical together). Ids are those of the sample
 * catalogue; intervals are general knowledge, good enough to make plausible people, not for care.
 */
export type Tube = 'serum' | 'plasma' | 'blood' | 'urine';

export interface Analyte {
  readonly id: string;
  readonly name: string;
  readonly loinc: string;
  /** Initials of the name's pinyin, as many a LIS makes its codes. */
  readonly initials: string;
  /** UCUM; '' for a qualitative result. */
  readonly unit: string;
  readonly tube: Tube;
  /** [low, high] of men and of women; an end that does not exist is absent. */
  readonly male: Interval;
  readonly female: Interval;
  /** Coefficient of variation within one person. */
  readonly within: number;
  readonly decimals: number;
  /** Outside of this it is a critical value. */
  readonly critical?: Interval;
  /** Smallest reportable value: below it the result reads `<0.01`. */
  readonly floor?: number;
}

export interface Interval {
  readonly low?: number;
  readonly high?: number;
}

type Row = readonly [
  id: string,
  name: string,
  loinc: string,
  initials: string,
  unit: string,
  tube: Tube,
  male: string,
  female: string,
  within: number,
  decimals: number,
  critical?: string | undefined,
  floor?: number,
];

const ROWS: readonly Row[] = [
  ['WBC', '白细胞计数', '6690-2', 'BXBJS', '10*9/L', 'blood', '3.5-9.5', '', 0.1, 2, '1.5-30'],
  ['RBC', '红细胞计数', '789-8', 'HXBJS', '10*12/L', 'blood', '4.3-5.8', '3.8-5.1', 0.03, 2],
  ['HGB', '血红蛋白', '718-7', 'XHDB', 'g/L', 'blood', '130-175', '115-150', 0.03, 0, '50-200'],
  ['HCT', '红细胞压积', '4544-3', 'HXBYJ', '%', 'blood', '40-50', '35-45', 0.03, 1],
  ['MCV', '平均红细胞体积', '787-2', 'PJHXBTJ', 'fL', 'blood', '82-100', '', 0.01, 1],
  ['MCH', '平均红细胞血红蛋白量', '785-6', 'PJXHDBL', 'pg', 'blood', '27-34', '', 0.01, 1],
  ['MCHC', '平均红细胞血红蛋白浓度', '786-4', 'PJXHDBND', 'g/L', 'blood', '316-354', '', 0.01, 0],
  ['RDW', '红细胞分布宽度', '788-0', 'HXBFBKD', '%', 'blood', '11.5-14.5', '', 0.02, 1],
  ['PLT', '血小板计数', '777-3', 'XXBJS', '10*9/L', 'blood', '125-350', '', 0.08, 0, '30-1000'],
  ['NEUT', '中性粒细胞绝对值', '751-8', 'ZXLXBJDZ', '10*9/L', 'blood', '1.8-6.3', '', 0.15, 2],
  ['NEUTP', '中性粒细胞百分比', '770-8', 'ZXLXBBFB', '%', 'blood', '40-75', '', 0.08, 1],
  ['LYM', '淋巴细胞绝对值', '731-0', 'LBXBJDZ', '10*9/L', 'blood', '1.1-3.2', '', 0.12, 2],
  ['LYMP', '淋巴细胞百分比', '736-9', 'LBXBBFB', '%', 'blood', '20-50', '', 0.1, 1],
  ['MONO', '单核细胞绝对值', '742-7', 'DHXBJDZ', '10*9/L', 'blood', '0.1-0.6', '', 0.15, 2],
  ['EOS', '嗜酸性粒细胞绝对值', '711-2', 'SSXLXBJDZ', '10*9/L', 'blood', '0.02-0.52', '', 0.2, 2],
  ['BASO', '嗜碱性粒细胞绝对值', '704-7', 'SJXLXBJDZ', '10*9/L', 'blood', '0-0.06', '', 0.2, 2],
  ['TP', '总蛋白', '2885-2', 'ZDB', 'g/L', 'serum', '65-85', '', 0.03, 1],
  ['ALB', '白蛋白', '1751-7', 'BDB', 'g/L', 'serum', '40-55', '', 0.03, 1],
  ['GLO', '球蛋白', '10834-0', 'QDB', 'g/L', 'serum', '20-40', '', 0.05, 1],
  ['AG', '白球比', '1759-0', 'BQB', '{ratio}', 'serum', '1.2-2.4', '', 0.05, 2],
  ['TBIL', '总胆红素', '14631-6', 'ZDHS', 'umol/L', 'serum', '-26', '-21', 0.15, 1, '-340'],
  ['DBIL', '直接胆红素', '14629-0', 'ZJDHS', 'umol/L', 'serum', '-8', '', 0.15, 1],
  ['IBIL', '间接胆红素', '14630-8', 'JJDHS', 'umol/L', 'serum', '-18', '', 0.15, 1],
  ['ALT', '丙氨酸氨基转移酶', '1742-6', 'BASAJZYM', 'U/L', 'serum', '9-50', '7-40', 0.12, 0],
  ['AST', '天门冬氨酸氨基转移酶', '1920-8', 'TMDASAJZYM', 'U/L', 'serum', '15-40', '13-35', 0.1, 0],
  ['GGT', 'γ-谷氨酰转移酶', '2324-2', 'GAXZYM', 'U/L', 'serum', '10-60', '7-45', 0.1, 0],
  ['ALP', '碱性磷酸酶', '6768-6', 'JXLSM', 'U/L', 'serum', '45-125', '35-100', 0.07, 0],
  ['UREA', '尿素', '22664-7', 'NS', 'mmol/L', 'serum', '3.1-8.0', '2.6-7.5', 0.1, 2, '-36'],
  ['CREA', '肌酐', '14682-9', 'JG', 'umol/L', 'serum', '57-97', '41-73', 0.05, 0, '-650'],
  ['UA', '尿酸', '14933-6', 'NIAOSUAN', 'umol/L', 'serum', '208-428', '155-357', 0.07, 0],
  ['CYSC', '胱抑素C', '33863-2', 'GYSC', 'mg/L', 'serum', '0.51-1.09', '', 0.05, 2],
  ['TC', '总胆固醇', '14647-2', 'ZDGC', 'mmol/L', 'serum', '-5.2', '', 0.05, 2],
  ['TG', '甘油三酯', '14927-8', 'GYSZ', 'mmol/L', 'serum', '-1.7', '', 0.18, 2],
  ['HDLC', '高密度脂蛋白胆固醇', '14646-4', 'GMDZDB', 'mmol/L', 'serum', '1.0-', '', 0.06, 2],
  ['LDLC', '低密度脂蛋白胆固醇', '22748-8', 'DMDZDB', 'mmol/L', 'serum', '-3.4', '', 0.07, 2],
  ['K', '钾', '2823-3', 'JIA', 'mmol/L', 'serum', '3.5-5.3', '', 0.04, 2, '2.8-6.2'],
  ['NA', '钠', '2951-2', 'NA', 'mmol/L', 'serum', '137-147', '', 0.008, 1, '120-160'],
  ['CL', '氯', '2075-0', 'LV', 'mmol/L', 'serum', '99-110', '', 0.012, 1],
  ['CA', '钙', '2000-8', 'GAI', 'mmol/L', 'serum', '2.11-2.52', '', 0.02, 2, '1.6-3.5'],
  ['PT', '凝血酶原时间', '5902-2', 'NXMYSJ', 's', 'plasma', '11-14', '', 0.03, 1, '-30'],
  ['INR', '国际标准化比值', '6301-6', 'GJBZHBZ', '{INR}', 'plasma', '0.8-1.2', '', 0.03, 2, '-5'],
  ['APTT', '活化部分凝血活酶时间', '14979-9', 'HHBFNXHMSJ', 's', 'plasma', '25-37', '', 0.04, 1, '-70'],
  ['TT', '凝血酶时间', '3243-3', 'NXMSJ', 's', 'plasma', '14-21', '', 0.03, 1],
  ['FIB', '纤维蛋白原', '3255-7', 'XWDBY', 'g/L', 'plasma', '2.0-4.0', '', 0.08, 2],
  ['TSH', '促甲状腺激素', '3016-3', 'CJZXJS', 'm[IU]/L', 'serum', '0.27-4.20', '', 0.18, 3, undefined, 0.005],
  ['FT3', '游离三碘甲状腺原氨酸', '14928-6', 'YLSDJZXYAS', 'pmol/L', 'serum', '3.1-6.8', '', 0.06, 2],
  ['FT4', '游离甲状腺素', '14920-3', 'YLJZXS', 'pmol/L', 'serum', '12.0-22.0', '', 0.06, 2],
  ['HBSAG', '乙肝表面抗原', '5196-1', 'YGBMKY', '', 'serum', '', '', 0, 0],
  ['HBSAB', '乙肝表面抗体', '5193-8', 'YGBMKT', 'm[IU]/mL', 'serum', '10-', '', 0.1, 2, undefined, 2],
  ['HBEAG', '乙肝e抗原', '13954-3', 'YGEKY', '', 'serum', '', '', 0, 0],
  ['HBEAB', '乙肝e抗体', '13953-5', 'YGEKT', '', 'serum', '', '', 0, 0],
  ['HBCAB', '乙肝核心抗体', '13952-7', 'YGHXKT', '', 'serum', '', '', 0, 0],
  ['HBA1C', '糖化血红蛋白', '4548-4', 'THXHDB', '%', 'blood', '4.0-6.0', '', 0.02, 1],
  ['GLU', '葡萄糖', '14749-6', 'PTT', 'mmol/L', 'serum', '3.9-6.1', '', 0.06, 2, '2.5-25'],
  ['CRP', 'C反应蛋白', '1988-5', 'CFYDB', 'mg/L', 'serum', '-10', '', 0.3, 2, undefined, 0.5],
  ['UPRO', '尿蛋白(干化学)', '20454-5', 'NDB', '', 'urine', '', '', 0, 0],
  ['UGLU', '尿葡萄糖(干化学)', '25428-4', 'NPTT', '', 'urine', '', '', 0, 0],
  ['UKET', '尿酮体(干化学)', '2514-8', 'NTT', '', 'urine', '', '', 0, 0],
  ['UBLD', '尿潜血(干化学)', '5794-3', 'NQX', '', 'urine', '', '', 0, 0],
  ['ULEU', '尿白细胞酯酶', '5799-2', 'NBXBZM', '', 'urine', '', '', 0, 0],
  ['UNIT', '尿亚硝酸盐', '5802-4', 'NYXSY', '', 'urine', '', '', 0, 0],
];

export const ANALYTES: ReadonlyMap<string, Analyte> = new Map(ROWS.map((row) => [row[0], analyteOf(row)]));

export function analyte(id: string): Analyte {
  const found = ANALYTES.get(id);
  if (found === undefined) throw new Error('no such analyte');
  return found;
}

export function intervalFor(of: Analyte, sex: 'male' | 'female'): Interval {
  return sex === 'male' ? of.male : of.female;
}

function analyteOf(row: Row): Analyte {
  const [id, name, loinc, initials, unit, tube, male, female, within, decimals, critical, floor] = row;
  return {
    id,
    name,
    loinc,
    initials,
    unit,
    tube,
    male: interval(male),
    female: interval(female === '' ? male : female),
    within,
    decimals,
    ...(critical === undefined ? {} : { critical: interval(critical) }),
    ...(floor === undefined ? {} : { floor }),
  };
}

/** `3.5-9.5`, `-26` (no lower end), `1.0-` (no upper end), '' (none). */
function interval(text: string): Interval {
  const [low = '', high = ''] = text.split('-');
  return { ...(low === '' ? {} : { low: Number(low) }), ...(high === '' ? {} : { high: Number(high) }) };
}
