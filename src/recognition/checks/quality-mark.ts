/**
 * Quality mark (HR): the facility passed quality evaluation for this item when the specimen was collected, and the
 * mark reaches the asker (国卫医发〔2022〕6号; facts 1.5). Whose mark: the performing facility's when the message
 * names one that is registered, else the reporting one's. The name is the sender's word: of a facility that the
 * sender has nothing to do with it is not believed. An asker needs no mark for its own results.
 */
import { assertNever } from '../../base/assert-never.ts';
import type { CatalogueItem, QualityMark } from '../../terms/catalogue.ts';
import type { CheckResult } from '../../terms/check.ts';
import type { DecideInput } from '../../terms/decide-input.ts';
import type { FacilityFacts, FacilityId } from '../../terms/facility.ts';
import type { ResultEntry } from '../../terms/result-entry.ts';
import { marksOf } from '../catalogue-index.ts';
import { facilityName, result } from '../check-context.ts';
import { facilitiesCalled } from '../facility-names.ts';
import type { CheckContext } from '../check-context.ts';
import { holdsOn, localDay } from '../../base/local-day.ts';

export const code = 'quality-mark';

export function check({ input, item, entry }: CheckContext): CheckResult {
  if (entry.facility === input.asker.id) {
    return result(code, 'not-applicable', { zh: '本机构自己的结果', en: "The facility's own result" });
  }
  const holder = markHolder(input, entry);
  const name = facilityName(input, holder);
  if (!areRelated(input, entry.facility, holder)) {
    return result(code, 'unknown', {
      zh: `报告称由${name.zh}检测，但送检机构与其没有登记的协作关系`,
      en: `Said to be performed by ${name.en}, with which the sender has no registered relation`,
    });
  }
  const facility = input.facilities.get(holder);
  const marks = marksOf(input.catalogue).get(holder);
  if (facility === undefined || marks === undefined) {
    return result(code, 'unknown', {
      zh: `没有${name.zh}的质控标识资料`,
      en: `Nothing is on file about quality marks of ${name.en}`,
    });
  }
  const valid = validMarks(input, { item, entry, holder });
  if (valid.length === 0) {
    return result(code, 'failed', {
      zh: `${name.zh}在采集时没有${item.nameZh}的有效互认标识`,
      en: `No valid mark of ${name.en} for ${item.nameEn} at the time of collection`,
    });
  }
  const reaching = valid.find((mark) => reaches(mark, facility, input.asker));
  if (reaching !== undefined) {
    return result(code, 'passed', {
      zh: `${name.zh}的${item.nameZh}有${reaching.label}标识`,
      en: `The mark ${reaching.label} of ${name.en} holds for ${item.nameEn}`,
    });
  }
  if (!/^\d{6}$/.test(input.asker.area) && valid.some((mark) => mark.reach !== 'agreement')) {
    return result(code, 'unknown', {
      zh: '本机构的行政区划不明，无法判断标识是否覆盖',
      en: 'The area of the asking facility is not known, so the reach of the mark cannot be judged',
    });
  }
  return result(code, 'failed', {
    zh: `${name.zh}的互认标识不覆盖本机构所在地区`,
    en: `The mark of ${name.en} does not reach the asking facility`,
  });
}

/** The mark under which a result may be used by the asker; undefined for its own results, and where there is none. */
export function markOf(input: DecideInput, item: CatalogueItem, entry: ResultEntry): QualityMark | undefined {
  const holder = markHolder(input, entry);
  const facility = input.facilities.get(holder);
  if (facility === undefined || entry.facility === input.asker.id) return undefined;
  return validMarks(input, { item, entry, holder }).find((mark) => reaches(mark, facility, input.asker));
}

/** Marks of the holder for the item that held over the whole of the collection. */
function validMarks(
  input: DecideInput,
  of: { readonly item: CatalogueItem; readonly entry: ResultEntry; readonly holder: FacilityId },
): readonly QualityMark[] {
  const then = localDay(of.entry.effectiveStart, input.regionZone);
  const until = localDay(of.entry.effectiveEnd, input.regionZone);
  const marks = marksOf(input.catalogue).get(of.holder)?.get(of.item.id) ?? [];
  return marks.filter((mark) => holdsOn(mark, then) && holdsOn(mark, until));
}

/** The same facility, one the other's parent, or members of one alliance. */
function areRelated({ facilities }: DecideInput, sender: FacilityId, performer: FacilityId): boolean {
  const [from, by] = [facilities.get(sender), facilities.get(performer)];
  if (sender === performer) return true;
  if (from === undefined || by === undefined) return false;
  return from.parent === by.id || by.parent === from.id || from.alliances.some((name) => by.alliances.includes(name));
}

/** A name that two facilities share leads to neither. */
function markHolder(input: DecideInput, entry: ResultEntry): FacilityId {
  const called = facilitiesCalled(input.facilities, entry.performer);
  return called.length === 1 && called[0] !== undefined ? called[0].id : entry.facility;
}

function reaches(mark: QualityMark, holder: FacilityFacts, asker: FacilityFacts): boolean {
  switch (mark.reach) {
    case 'national':
      return true;
    case 'region':
    case 'province':
    case 'city':
    case 'district':
      return mark.within.some((prefix) => asker.area.startsWith(prefix));
    case 'agreement':
      return mark.within.some((name) => asker.alliances.includes(name) && holder.alliances.includes(name));
    default:
      return assertNever(mark.reach);
  }
}
