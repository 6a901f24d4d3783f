/** Forms of the value representations that an index reads (PS3.5 6.2, 9.1). */

/** DA: `YYYYMMDD`, and `YYYY.MM.DD` of before 1993; a day that the calendar has. */
export function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(text) ?? [];
  if (text.length === 9 || year === undefined || month === undefined || day === undefined) return false;
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  return y > 0 && m >= 1 && m <= 12 && d >= 1 && d <= daysOf(y, m);
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** TM: `HH[MM[SS[.F…]]]`, and `HH:MM:SS` of before 1993; 60 seconds are a leap second. */
export function isTime(text: string): boolean {
  const [, hour, minute = '00', second = '00'] = /^(\d{2})(?::?(\d{2})(?::?(\d{2})(?:\.\d{1,6})?)?)?$/.exec(text) ?? [];
  return hour !== undefined && Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60;
}

/** `+HHMM`, from -1200 to +1400 (PS3.3 C.12.1.1.8). */
export function isZone(text: string): boolean {
  const [, sign, hour, minute] = /^([+-])(\d{2})(\d{2})$/.exec(text) ?? [];
  if (sign === undefined || Number(minute) > 59) return false;
  return Number(hour) * 60 + Number(minute) <= (sign === '-' ? 720 : 840);
}

/** DT: `YYYY[MM[DD[HH[MM[SS[.F…]]]]]][+ZZXX]`. */
export function isDateTime(text: string): boolean {
  const [, year, month = '01', day = '01', time = '', zone] =
    /^(\d{4})(?:(\d{2})(?:(\d{2})(\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,6})?)?)?)?)?)?([+-]\d{4})?$/.exec(text) ?? [];
  if (year === undefined || !isDate(`${year}${month}${day}`)) return false;
  return (time === '' || isTime(time)) && (zone === undefined || isZone(zone));
}

/** UI: numbers and dots. Components with leading zeros are against 9.1 and common: they tell instances apart all the same. */
export function isUid(text: string): boolean {
  return text.length <= 64 && /^\d+(?:\.\d+)+$/.test(text);
}

/** IS: an integer as text. */
export function isInteger(text: string): boolean {
  return /^[+-]?\d{1,12}$/.test(text);
}

/** DS: a decimal number as text. */
export function isDecimal(text: string): boolean {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d{1,3})?$/.test(text);
}
