/**
 * The region's facilities: one invented prefecture (澜川市, area 9901, which GB/T 2260 never assigned) with a city
 * and two counties, three levels, and the dialect that each one's laboratory system speaks.
 */
import type { FacilityId, FacilityProfile } from '../terms/facility.ts';
import { PLAIN } from './dialect.ts';
import type { Dialect } from './dialect.ts';

export interface SimulatedFacility {
  readonly id: FacilityId;
  readonly name: string;
  readonly parent?: FacilityId;
  readonly level: 1 | 2 | 3;
  readonly area: string;
  readonly place: 'city' | 'wangxi' | 'yunzhan';
  readonly alliances: readonly string[];
  readonly profile: FacilityProfile;
  readonly dialect: Dialect;
  /** Result messages go over MLLP or HTTP. */
  readonly via: 'mllp' | 'client';
  /** Has a channel of its own for trying things. */
  readonly testChannel: boolean;
  /** Panels it can run; the others it does not order. */
  readonly panels: readonly string[];
  /** What it writes into MSH-4. */
  readonly sender: string;
}

export const CITY_ALLIANCE = '澜川城市医联体';
export const WANGXI_ALLIANCE = '望溪县医共体';
export const YUNZHAN_ALLIANCE = '云栈县医共体';

const ALL = 'CBC LIVER KIDNEY LIPIDS ELECTROLYTES COAGULATION THYROID HBV5 HBA1C-P UA-P GLU CRP'.split(' ');
const COUNTY = ALL.filter((id) => id !== 'HBA1C-P');
const TOWNSHIP = 'CBC LIVER KIDNEY LIPIDS UA-P GLU'.split(' ');

const id = (text: string): FacilityId => text as FacilityId;

export const FACILITIES: readonly SimulatedFacility[] = [
  {
    id: id('lc-first'),
    name: '澜川市第一人民医院',
    level: 3,
    area: '990102',
    place: 'city',
    alliances: [CITY_ALLIANCE, WANGXI_ALLIANCE],
    profile: { update: 'delta' },
    dialect: { ...PLAIN, charset: 'gb18030', label: 'GB 18030-2000', codes: 'item-and-loinc', enhanced: true },
    via: 'mllp',
    testChannel: true,
    panels: ALL,
    sender: 'LCSDYRMYY',
  },
  {
    id: id('lc-tcm'),
    name: '澜川市中医医院',
    level: 3,
    area: '990102',
    place: 'city',
    alliances: [CITY_ALLIANCE, YUNZHAN_ALLIANCE],
    profile: { update: 'delta' },
    dialect: {
      ...PLAIN,
      codes: 'loinc',
      codeSystem: '99LCZY',
      units: 'star',
      range: '～',
      words: 'with-sign',
      grouping: 'visit',
    },
    via: 'client',
    testChannel: false,
    panels: ALL,
    sender: '澜川市中医医院',
  },
  {
    id: id('lc-women'),
    name: '澜川市妇幼保健院',
    level: 2,
    area: '990103',
    place: 'city',
    alliances: [CITY_ALLIANCE],
    profile: { update: 'snapshot', patientKeyTypes: ['HC', 'MR'] },
    dialect: { ...PLAIN, version: '2.4', label: 'UTF-8', specimen: 'obr-15', sex: 'words', below: 'ST' },
    via: 'mllp',
    testChannel: false,
    panels: COUNTY,
    sender: 'LCFY',
  },
  {
    id: id('wx-people'),
    name: '望溪县人民医院',
    level: 2,
    area: '990121',
    place: 'wangxi',
    alliances: [WANGXI_ALLIANCE],
    profile: { update: 'delta' },
    dialect: {
      ...PLAIN,
      version: '2.3.1',
      charset: 'gb18030',
      label: 'ASCII',
      specimen: 'obr-15',
      pv1: false,
      codes: 'initials',
      codeSystem: '99WX',
      units: 'times-caret',
      micro: 'μ',
      enzyme: 'IU/L',
      range: '--',
      flags: 'arrows',
      words: 'with-sign',
      below: 'NM',
      name: 'whole',
      sex: 'digits',
      grouping: 'visit',
    },
    via: 'mllp',
    testChannel: false,
    panels: ALL,
    sender: 'WXXRMYY',
  },
  {
    id: id('wx-tcm'),
    name: '望溪县中医院',
    level: 2,
    area: '990121',
    place: 'wangxi',
    alliances: [WANGXI_ALLIANCE],
    profile: { update: 'delta', charset: 'GB18030' },
    dialect: {
      ...PLAIN,
      version: '2.4',
      charset: 'gb18030',
      label: '',
      lineEnd: '\r\n',
      specimen: 'obr-15',
      codes: 'numbers',
      codeSystem: '',
      units: 'giga',
      micro: 'μ',
      range: '~',
      flags: 'words',
      words: 'full-width-sign',
      below: 'ST',
      name: 'spaced',
      numberForm: 'lower-x',
    },
    via: 'mllp',
    testChannel: false,
    panels: COUNTY,
    sender: '',
  },
  {
    id: id('yz-people'),
    name: '云栈县人民医院',
    level: 2,
    area: '990122',
    place: 'yunzhan',
    alliances: [YUNZHAN_ALLIANCE],
    profile: { update: 'snapshot', conflictHours: 72 },
    dialect: {
      ...PLAIN,
      codes: 'prefixed',
      codeSystem: '99YZ',
      range: '～',
      number: 'pid-3-nnchn',
      micro: 'μ',
      enhanced: true,
    },
    via: 'mllp',
    testChannel: false,
    panels: ALL,
    sender: 'YZXRMYY',
  },
  {
    id: id('yz-care'),
    name: '云栈县妇幼保健计划生育服务中心',
    level: 2,
    area: '990122',
    place: 'yunzhan',
    alliances: [YUNZHAN_ALLIANCE],
    profile: { update: 'delta' },
    dialect: {
      ...PLAIN,
      version: '2.4',
      charset: 'gb18030',
      label: 'GBK',
      specimen: 'obr-15',
      codes: 'initials',
      range: 'by-sex',
      flags: 'repeated',
      dot: '•',
      numberForm: 'full-width',
    },
    via: 'mllp',
    testChannel: false,
    panels: COUNTY,
    sender: 'YZFY',
  },
  {
    id: id('wx-qingshi'),
    name: '望溪县青石镇中心卫生院',
    parent: id('wx-people'),
    level: 1,
    area: '990121',
    place: 'wangxi',
    alliances: [WANGXI_ALLIANCE],
    profile: { update: 'delta', reportKey: ['filler', 'code', 'occurrence', 'collected-date'] },
    dialect: {
      ...PLAIN,
      version: '2.3.1',
      charset: 'gb18030',
      label: 'ASCII',
      specimen: 'obr-15',
      orc: false,
      codes: 'numbers',
      flags: 'arrows',
      below: 'ST',
      name: 'whole',
      numberForm: 'fifteen',
      filler: 'daily',
    },
    via: 'mllp',
    testChannel: false,
    panels: TOWNSHIP,
    sender: 'QSZXWSY',
  },
  {
    id: id('wx-baihe'),
    name: '望溪县白禾乡卫生院',
    parent: id('wx-people'),
    level: 1,
    area: '990121',
    place: 'wangxi',
    alliances: [WANGXI_ALLIANCE],
    profile: { update: 'delta', nationalIdType: 'SFZ', charset: 'GB18030' },
    dialect: {
      ...PLAIN,
      version: '2.3.1',
      charset: 'gb18030',
      label: '',
      specimen: 'none',
      orc: false,
      pv1: false,
      seconds: false,
      units: 'caret-unescaped',
      words: 'signs',
      number: 'pid-3-own-type',
      dot: '．',
    },
    via: 'mllp',
    testChannel: false,
    panels: TOWNSHIP,
    sender: 'BHXWSY',
  },
  {
    id: id('yz-hekou'),
    name: '云栈县河口镇卫生院',
    parent: id('yz-people'),
    level: 1,
    area: '990122',
    place: 'yunzhan',
    alliances: [YUNZHAN_ALLIANCE],
    profile: { update: 'delta' },
    dialect: { ...PLAIN, label: '', zoned: true, number: 'pid-19', range: '--', grouping: 'visit' },
    via: 'mllp',
    testChannel: false,
    panels: TOWNSHIP,
    sender: 'HKZWSY',
  },
  {
    id: id('yz-shuanglin'),
    name: '云栈县双林镇卫生院',
    parent: id('yz-people'),
    level: 1,
    area: '990122',
    place: 'yunzhan',
    alliances: [YUNZHAN_ALLIANCE],
    profile: { update: 'delta' },
    dialect: {
      ...PLAIN,
      version: '2.4',
      label: 'UTF8',
      codes: 'prefixed',
      specimen: 'obr-15',
      number: 'pid-4-untyped',
    },
    via: 'mllp',
    testChannel: false,
    panels: TOWNSHIP,
    sender: 'SLZWSY',
  },
];
