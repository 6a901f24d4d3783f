/** How laboratory systems write: one type for all that differs from hospital to hospital, after what Chinese LIS really send. */
export interface Dialect {
  readonly version: '2.3.1' | '2.4' | '2.5.1';
  readonly charset: 'utf-8' | 'gb18030';
  /** MSH-18 as sent; a wrong or missing label is deliberate. */
  readonly label: string;
  readonly lineEnd: '\r' | '\r\n';
  readonly specimen: 'spm' | 'obr-15' | 'none';
  readonly orc: boolean;
  readonly pv1: boolean;
  /** MSH-15 and 16 valued: enhanced acknowledgement. */
  readonly enhanced: boolean;
  readonly seconds: boolean;
  readonly zoned: boolean;
  readonly codes: 'item' | 'item-and-loinc' | 'loinc' | 'numbers' | 'initials' | 'prefixed';
  /** CWE.3 of local codes. */
  readonly codeSystem: string;
  readonly units: 'caret' | 'times-caret' | 'star' | 'giga' | 'caret-unescaped';
  readonly micro: 'u' | 'μ';
  readonly enzyme: 'U/L' | 'IU/L';
  readonly range: '-' | '--' | '~' | '～' | 'by-sex';
  readonly flags: 'letters' | 'arrows' | 'repeated' | 'words';
  readonly words: 'plain' | 'with-sign' | 'full-width-sign' | 'signs';
  readonly below: 'SN' | 'ST' | 'NM';
  readonly name: 'split' | 'whole' | 'spaced';
  readonly dot: '·' | '•' | '．';
  readonly sex: 'letters' | 'digits' | 'words';
  readonly number: 'pid-3-ni' | 'pid-3-nnchn' | 'pid-3-own-type' | 'pid-19' | 'pid-4-untyped';
  readonly numberForm: 'plain' | 'fifteen' | 'lower-x' | 'full-width';
  /** One message for all reports of a visit, one per laboratory section, or one per report. */
  readonly grouping: 'visit' | 'section' | 'panel';
  readonly filler: 'running' | 'daily';
}

/** The tidy one, from which the others differ. */
export const PLAIN: Dialect = {
  version: '2.5.1',
  charset: 'utf-8',
  label: 'UNICODE UTF-8',
  lineEnd: '\r',
  specimen: 'spm',
  orc: true,
  pv1: true,
  enhanced: false,
  seconds: true,
  zoned: false,
  codes: 'item',
  codeSystem: 'L',
  units: 'caret',
  micro: 'u',
  enzyme: 'U/L',
  range: '-',
  flags: 'letters',
  words: 'plain',
  below: 'SN',
  name: 'split',
  dot: '·',
  sex: 'letters',
  number: 'pid-3-ni',
  numberForm: 'plain',
  grouping: 'section',
  filler: 'running',
};
