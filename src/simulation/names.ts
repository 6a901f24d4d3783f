/**
 * Names of people who do not exist. Some carry characters whose second byte in GB18030 is an HL7
 * delimiter (`\ ^ | ~`), some characters that only GB18030's four-byte part has, some a middle dot.
 */
import type { Random } from './random.ts';

const SURNAMES: readonly (readonly [string, number])[] = Array.from(
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常',
  (name, index) => [name, 40 / (index + 4)] as const,
).concat([
  ['欧阳', 0.3],
  ['司马', 0.1],
  ['上官', 0.1],
]);
const MALE = Array.from('伟强磊军勇杰涛明超刚平辉鹏飞斌波宇浩凯健俊帆毅亮旭峰建国志文海山林');
const FEMALE = Array.from('芳娜敏静丽艳娟霞秀英玲桂兰燕红梅莉雪琳晶婷慧倩颖洁云凤淑珍爱华玉萍');
/** 玘 0xAB5E, 瑋 0xAC7C, 珅 0xAB7C, 誠 0xD55C, 璡 0xAD5C, 珇 0xAB7E and their like in GB18030. */
const DELIMITER_TAILED = Array.from('玘瑋珅誠璡珇');
/** Rare in names, two bytes; then four bytes only. */
const RARE = [...Array.from('喆堃淼垚犇翀赟彧'), '䶮', '㛃', '𬍛', '𫖯'];
const MINORITY_GIVEN = ['阿依古丽', '买买提', '古丽娜尔', '卓玛', '扎西', '巴图', '其其格', '艾力', '央金', '吾守尔'];
const MINORITY_FAMILY = ['买买提', '艾合买提', '多吉', '次仁', '额尔登', '吐尔逊', '才让'];

export type NameKind = 'common' | 'delimiter-tailed' | 'rare' | 'minority';

/** One entry is the family name and the given name; a minority name has no family name. */
export interface PersonName {
  readonly family: string;
  readonly given: string;
  readonly kind: NameKind;
}

export function nameFor(random: Random, sex: 'male' | 'female', kind: NameKind): PersonName {
  if (kind === 'minority') {
    return { family: '', given: `${random.pick(MINORITY_GIVEN)}·${random.pick(MINORITY_FAMILY)}`, kind };
  }
  const family = random.weighted(SURNAMES);
  const usual = sex === 'male' ? MALE : FEMALE;
  if (kind === 'delimiter-tailed') return { family, given: random.pick(DELIMITER_TAILED), kind };
  if (kind === 'rare') return { family, given: random.pick(RARE) + random.pick(usual), kind };
  const given = random.pick(usual) + (random.chance(0.7) ? random.pick(usual) : '');
  return { family, given, kind };
}

export function fullName(name: PersonName): string {
  return name.family + name.given;
}
