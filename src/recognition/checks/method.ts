/**
 * Method or state: the result says the word that the catalogue asks for (FEU, fasting), and none that says otherwise
 * (DDU, after a meal); facts 2.5 rules 3 and 4. Looked for in method, name, unit and codes.
 */
import type { CheckResult } from '../../terms/check.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';

export const code = 'method';

export function check({ item, entry }: CheckContext): CheckResult {
  const asked = item.method ?? [];
  const refused = item.notMethod ?? [];
  if (asked.length === 0 && refused.length === 0) {
    return result(code, 'not-applicable', {
      zh: '该项目不限定方法',
      en: 'This item is not bound to a method',
    });
  }
  const units = entry.value.kind === 'quantity' ? [entry.value.unit ?? '', entry.value.ucum ?? ''] : [];
  const stated = fold([entry.method ?? '', entry.display, entry.code, entry.loinc ?? '', ...units].join(' '));
  const want = asked.join('、');
  if (refused.some((word) => says(stated, word))) {
    return result(code, 'failed', {
      zh: `方法或采样状态不符${want === '' ? '' : `，需要：${want}`}`,
      en: `Another method or state of the patient${want === '' ? '' : `; needed: ${want}`}`,
    });
  }
  if (asked.length > 0 && !asked.some((word) => says(stated, word))) {
    return result(code, 'unknown', {
      zh: `未注明方法或采样状态，需要：${want}`,
      en: `Method or state of the patient is not stated; needed: ${want}`,
    });
  }
  return result(code, 'passed', { zh: '方法与采样状态相符', en: 'Method and state of the patient fit' });
}

function fold(text: string): string {
  return text.normalize('NFKC').toUpperCase();
}

/** Whether the text has the word; a Latin one must stand alone (`FEU`, not `FEUDAL`). */
function says(stated: string, word: string): boolean {
  const sought = fold(word);
  for (let at = stated.indexOf(sought); at >= 0; at = stated.indexOf(sought, at + 1)) {
    const around = [stated[at - 1] ?? ' ', stated[at + sought.length] ?? ' '];
    if (!/[A-Z0-9]/.test(sought) || !around.some((character) => /[A-Z0-9]/.test(character))) return true;
  }
  return false;
}
