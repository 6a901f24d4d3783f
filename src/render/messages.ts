/** The words of a page in its two languages; what comes from a file stands in none of them. */
import type { EcgPatient } from '../terms/parsed/ecg.ts';
import type { PageLanguage } from './page.ts';

export interface Messages {
  readonly title: string;
  readonly comparison: string;
  readonly colon: string;
  readonly comma: string;
  readonly stop: string;
  readonly noName: string;
  readonly hidden: string;
  readonly sex: Readonly<Record<NonNullable<EcgPatient['sex']>, string>>;
  readonly age: Readonly<Record<NonNullable<EcgPatient['age']>['unit'], string>>;
  readonly field: {
    readonly id: string;
    readonly born: string;
    readonly recorded: string;
    readonly device: string;
    readonly order: string;
    readonly department: string;
    readonly bed: string;
    readonly reason: string;
    readonly technician: string;
  };
  readonly timeNotStated: string;
  readonly facilityNotStated: string;
  readonly measurements: string;
  readonly notRemeasured: string;
  readonly rate: string;
  readonly pr: string;
  readonly qrs: string;
  readonly axes: string;
  readonly perMinute: string;
  readonly edited: string;
  readonly difference: string;
  readonly confirmed: string;
  readonly confirmedBy: (name: string) => string;
  readonly unconfirmed: string;
  readonly notStatedConfirmed: string;
  readonly byMachine: string;
  readonly noStatements: string;
  readonly more: (count: number) => string;
  readonly warning: string;
  readonly filters: string;
  readonly filtersNotStated: string;
  readonly from: (hz: string) => string;
  readonly upTo: (hz: string) => string;
  readonly notch: (hz: string) => string;
  readonly sampled: (hz: string) => string;
  readonly shown: (from: string, to: string, of: string) => string;
  readonly derived: (leads: string) => string;
  readonly inverted: (lead: string, of: string) => string;
  readonly noSignal: string;
  readonly noCalibration: string;
  readonly uncalibrated: (leads: string) => string;
  readonly ownTime: (leads: string) => string;
  readonly cut: (leads: string) => string;
  readonly shifted: (leads: string) => string;
  readonly missing: (leads: string) => string;
  readonly alsoRecorded: (leads: string) => string;
  readonly unfiltered: string;
  readonly pulse: string;
  readonly earlier: string;
  readonly later: string;
  readonly differs: Readonly<Record<'name' | 'sex' | 'birthDate', string>>;
}

const ZH: Messages = {
  title: '心电图',
  comparison: '心电图对比',
  colon: '：',
  comma: '、',
  stop: '。',
  noName: '未注明姓名',
  hidden: '身份信息已隐去',
  sex: { male: '男', female: '女', other: '其他', unknown: '性别未知' },
  age: { a: '岁', mo: '个月', wk: '周', d: '天', h: '小时' },
  field: {
    id: '患者编号',
    born: '出生日期',
    recorded: '记录时间',
    device: '设备',
    order: '申请单号',
    department: '科室',
    bed: '床号',
    reason: '检查原因',
    technician: '操作者',
  },
  timeNotStated: '未注明',
  facilityNotStated: '未注明医疗机构',
  measurements: '测量值',
  notRemeasured: '按文件所载',
  rate: '心率',
  pr: 'PR 间期',
  qrs: 'QRS 时限',
  axes: 'P/QRS/T 电轴',
  perMinute: '次/分',
  edited: '* 经人工修改',
  difference: '变化',
  confirmed: '已由医师确认',
  confirmedBy: (name) => `已由医师确认：${name}`,
  unconfirmed: '未经医师确认',
  notStatedConfirmed: '未注明是否经医师确认',
  byMachine: '机器判读',
  noStatements: '文件未载诊断提示',
  more: (count) => `另有 ${count} 条未显示`,
  warning: '质量提示',
  filters: '记录时滤波',
  filtersNotStated: '未注明滤波',
  from: (hz) => `高通 ${hz} Hz`,
  upTo: (hz) => `低通 ${hz} Hz`,
  notch: (hz) => `陷波 ${hz} Hz`,
  sampled: (hz) => `采样率 ${hz} Hz`,
  shown: (from, to, of) => `显示第 ${from}–${to} 秒（共 ${of} 秒）`,
  derived: (leads) => `${leads} 由 I、II 导联计算得出`,
  inverted: (lead, of) => `${lead} 为 ${of} 的反相`,
  noSignal: '无信号',
  noCalibration: '未注明定标',
  uncalibrated: (leads) => `${leads} 未注明定标，不予绘制`,
  ownTime: (leads) => `${leads} 非同步记录，按其自身时间显示`,
  cut: (leads) => `${leads} 超出格纸，部分波形未显示`,
  shifted: (leads) => `基线已平移：${leads}`,
  missing: (leads) => `无信号：${leads}`,
  alsoRecorded: (leads) => `另有导联未显示：${leads}`,
  unfiltered: '按文件采样值绘制，未作滤波或平滑',
  pulse: '定标 1 mV，200 ms',
  earlier: '前次',
  later: '本次',
  differs: {
    name: '两份心电图的患者姓名不同',
    sex: '两份心电图的患者性别不同',
    birthDate: '两份心电图的患者出生日期不同',
  },
};

const EN: Messages = {
  title: 'Electrocardiogram',
  comparison: 'Comparison of two electrocardiograms',
  colon: ': ',
  comma: ', ',
  stop: '. ',
  noName: 'Name not stated',
  hidden: 'Identity hidden',
  sex: { male: 'male', female: 'female', other: 'other', unknown: 'sex unknown' },
  age: { a: 'years', mo: 'months', wk: 'weeks', d: 'days', h: 'hours' },
  field: {
    id: 'ID',
    born: 'Born',
    recorded: 'Recorded',
    device: 'Device',
    order: 'Order',
    department: 'Department',
    bed: 'Bed',
    reason: 'Reason',
    technician: 'Technician',
  },
  timeNotStated: 'not stated',
  facilityNotStated: 'Facility not stated',
  measurements: 'Measurements',
  notRemeasured: 'as the file states',
  rate: 'Heart rate',
  pr: 'PR',
  qrs: 'QRS',
  axes: 'P/QRS/T axes',
  perMinute: '/min',
  edited: '* changed by a person',
  difference: 'Change',
  confirmed: 'CONFIRMED BY A DOCTOR',
  confirmedBy: (name) => `CONFIRMED by ${name}`,
  unconfirmed: 'UNCONFIRMED',
  notStatedConfirmed: 'CONFIRMATION NOT STATED',
  byMachine: 'machine reading',
  noStatements: 'The file holds no statements',
  more: (count) => `${count} more not shown`,
  warning: 'Quality',
  filters: 'Filters as recorded',
  filtersNotStated: 'Filters not stated',
  from: (hz) => `from ${hz} Hz`,
  upTo: (hz) => `up to ${hz} Hz`,
  notch: (hz) => `notch ${hz} Hz`,
  sampled: (hz) => `${hz} samples/s`,
  shown: (from, to, of) => `Shown: ${from}–${to} s of ${of} s`,
  derived: (leads) => `${leads} derived from I and II`,
  inverted: (lead, of) => `${lead} is ${of} inverted`,
  noSignal: 'no signal',
  noCalibration: 'no calibration stated',
  uncalibrated: (leads) => `Not drawn, no calibration stated: ${leads}`,
  ownTime: (leads) => `Not simultaneous, shown at their own time: ${leads}`,
  cut: (leads) => `Curve leaves the paper and is cut: ${leads}`,
  shifted: (leads) => `Base line moved: ${leads}`,
  missing: (leads) => `No signal: ${leads}`,
  alsoRecorded: (leads) => `Also recorded, not shown: ${leads}`,
  unfiltered: 'Drawn from the samples of the file, neither filtered nor smoothed',
  pulse: 'calibration 1 mV, 200 ms',
  earlier: 'Earlier',
  later: 'Later',
  differs: {
    name: 'The two recordings name different patients',
    sex: 'The two recordings state a different sex',
    birthDate: 'The two recordings state different birth dates',
  },
};

export function messagesIn(language: PageLanguage): Messages {
  return language === 'zh' ? ZH : EN;
}
