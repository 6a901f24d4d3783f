/**
 * Acceptance: the asker's area accepts results of facilities like the giver (facts 1.5: same level, an explicit list, an
 * alliance). A line that refuses wins over every line that accepts; where there is a table, what no line speaks of is refused.
 */
import type { AcceptanceRow, FacilitySelector } from '../../terms/catalogue.ts';
import type { CheckResult } from '../../terms/check.ts';
import type { FacilityFacts } from '../../terms/facility.ts';
import { holdsOn, localDay } from '../../base/local-day.ts';
import { facilityName, result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';

export const code = 'acceptance';

export function check({ input, entry }: CheckContext): CheckResult {
  const { acceptance } = input.catalogue;
  if (acceptance.length === 0) {
    return result(code, 'not-applicable', {
      zh: '目录未限定互认机构范围',
      en: 'The catalogue does not say who accepts whom',
    });
  }
  if (entry.facility === input.asker.id) {
    return result(code, 'not-applicable', { zh: '本机构自己的结果', en: "The facility's own result" });
  }
  const name = facilityName(input, entry.facility);
  const giver = input.facilities.get(entry.facility);
  if (giver === undefined) {
    return result(code, 'unknown', {
      zh: '出具结果的机构未登记，不知是否在互认范围内',
      en: 'The facility that gave the result is not registered, so whether it is accepted is not known',
    });
  }
  const today = localDay(input.at, input.regionZone);
  const speaking = acceptance.filter((rule) => holdsOn(rule, today) && speaksOf(rule, input.asker, giver));
  if (speaking.length > 0 && speaking.every(({ accepts }) => accepts)) {
    return result(code, 'passed', {
      zh: `本机构接受${name.zh}的结果`,
      en: `The asking facility accepts results of ${name.en}`,
    });
  }
  return result(code, 'failed', {
    zh: `按互认范围，本机构不接受${name.zh}的结果`,
    en: `By the rules of acceptance, the asking facility does not take results of ${name.en}`,
  });
}

function speaksOf(rule: AcceptanceRow, asker: FacilityFacts, giver: FacilityFacts): boolean {
  return (
    rule.asker.every((selector) => isSelected(selector, asker, asker)) &&
    rule.giver.every((selector) => isSelected(selector, giver, asker))
  );
}

function isSelected(selector: FacilitySelector, facility: FacilityFacts, asker: FacilityFacts): boolean {
  const colon = selector.indexOf(':');
  const [kind, name] = [selector.slice(0, colon), selector.slice(colon + 1)];
  switch (kind) {
    case 'facility':
      return facility.id === name;
    case 'area':
      return facility.area.startsWith(name);
    case 'alliance':
      return name === 'same'
        ? facility.alliances.some((one) => asker.alliances.includes(one))
        : facility.alliances.includes(name);
    case 'level':
      return isOfLevel(name, facility.level, asker.level);
    default:
      return selector === '*';
  }
}

/** Level 3 is the highest. */
function isOfLevel(name: string, level: number, askers: number): boolean {
  if (name === 'same') return level === askers;
  if (name === 'higher') return level > askers;
  if (name === 'lower') return level < askers;
  return String(level) === name;
}
