/**
 * Names that name nobody (facts: recognition-domain 6.3): placeholders, newborns called after their mother,
 * names with masked or lost characters. None of them can make an identity certain.
 */
import { fold, NAME_LETTERS_MAX, SEPARATORS } from './normalise-name.ts';

export type NameClass = 'real' | 'missing' | 'placeholder' | 'newborn' | 'unreadable';

/** Words that are written where no name is known; what follows them is a time, a number or a sex. */
const PLACEHOLDER_ZH =
  /^(无名(氏|男|女|者)?|佚名|匿名|未知|不详|不明|身份不明|姓名不详|未命名|未取名|未填|待查|待定|暂无|无|某{2,}|测试.*|试验病人)(病人|患者|人员|男性?|女性?|老人|儿童)?[\d年月日时分:/()号一二三四五六七八九十]*$/u;
/** As the whole name. `Na` and `Nil` are names when another word stands beside them. */
const PLACEHOLDER_WHOLE = /^(na|n\/a|nil|none|null|noname|nobody|anon|tbd|x+)\d*$/;
/** As any word of the name. */
const PLACEHOLDER_WORD = /^(unknown|unidentified|anonymous|test|testing|testpatient|dummy)\d*$/;
const DOES_GIVEN_NAME = /^(john|jane|janie|johnny|baby)\d*$/;

/** 李四之子, 李四之长女, 李四之婴2, 李四男婴, 李四婴, 李四BB1; the mother's name is what stands before. */
const NEWBORN_ZH =
  /^.+(之[长次大小双三幼]?(子|女|儿|婴|婴儿|男婴|女婴|儿子|女儿|男|孩|双|双胎|新生儿)|男婴|女婴|婴儿|新生儿|b\/?b|\p{Script=Han}婴)[\dab甲乙丙一二三]*$/u;
const NEWBORN_WORD = /^(baby|babyboy|babygirl|newborn|infant|bb|b\/o|twin)\d*$/;

/** Masked by the sender (张某某, 张**, 张XX) or lost in a conversion. */
const UNREADABLE = /[*?□■◇◆�〓某]|\p{Script=Han}[x×]/u;

export function classOfName(text: string): NameClass {
  if (text.length > NAME_LETTERS_MAX) return 'unreadable';
  const words = fold(text)
    .split(SEPARATORS)
    .filter((word) => word !== '');
  const letters = words.join('');
  if (letters === '') return 'missing';
  if (PLACEHOLDER_ZH.test(letters) || PLACEHOLDER_WHOLE.test(letters)) return 'placeholder';
  if (words.some((word) => PLACEHOLDER_WORD.test(word))) return 'placeholder';
  if (words.some((word) => /^doe\d*$/.test(word)) && words.some((word) => DOES_GIVEN_NAME.test(word))) {
    return 'placeholder';
  }
  if (NEWBORN_ZH.test(letters)) return 'newborn';
  if (words.length > 1 && words.some((word) => NEWBORN_WORD.test(word))) return 'newborn';
  if (UNREADABLE.test(letters)) return 'unreadable';
  return /[\p{L}\p{Co}]/u.test(letters) ? 'real' : 'placeholder';
}
