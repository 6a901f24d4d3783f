import { describe, expect, it } from 'vitest';
import { classOfName } from '../../../src/identity/placeholder-name.ts';

const PLACEHOLDERS = [
  '无名氏',
  '无名氏20260301',
  '无名氏 2026年3月1日15:30',
  '无名氏男01',
  '无名男',
  '无名',
  '未知',
  '不详',
  '姓名不详',
  '未知患者',
  '测试',
  '测试病人1',
  '测试患者',
  '佚名',
  '匿名',
  '待查',
  '某某',
  '某某某',
  'TEST',
  'Test Patient',
  'PATIENT^TEST',
  'test01',
  'Unknown',
  'UNKNOWN^MALE',
  'John Doe',
  'DOE^JANE',
  'Doe, John 3',
  'N/A',
  'NULL',
  'xxx',
  '12345',
  '---1',
];
const NEWBORNS = [
  '李梅之子',
  '李梅之女',
  '李梅之婴',
  '李梅之长子',
  '李梅之次女',
  '李梅之子2',
  '李梅之大双',
  '李梅婴',
  '李梅男婴',
  '李梅女婴',
  '李梅婴儿',
  '李梅BB',
  '李梅ｂｂ1',
  '李梅 之 子',
  '李梅新生儿',
  'Baby of Li Mei',
  'BABY BOY LI',
  'Newborn Li',
  'LI^BABYGIRL',
];
const REAL = [
  '张三',
  '欧阳修远',
  '阿不都·买买提',
  '李婴',
  '徐霞客',
  '王羲之',
  'Zhang San',
  'Na Li',
  'Maria Testa',
  'John Smith',
  'Jane Brown',
  'Doe Peter',
  '王\u{2C386}',
  '王\u{E863}',
  '吴明',
  '魏之栋',
  'Smith^John',
  '刘〇',
];
const UNREADABLE = [
  '张*',
  '张**',
  '张?',
  '张？三',
  '张□',
  '张\u{FFFD}',
  '张某',
  '张某某',
  '张XX',
  '张×',
  'a'.repeat(300),
];

describe('classOfName', () => {
  it.each(PLACEHOLDERS)('says that %s is a placeholder', (name) => expect(classOfName(name)).toBe('placeholder'));
  it.each(NEWBORNS)('says that %s is a newborn called after its mother', (name) =>
    expect(classOfName(name)).toBe('newborn'),
  );
  it.each(REAL)('says that %s is a name', (name) => expect(classOfName(name)).toBe('real'));
  it.each(UNREADABLE)('says that a masked or damaged name cannot be read (%#)', (name) =>
    expect(classOfName(name)).toBe('unreadable'),
  );
  it.each(['', ' ', '·', '^', '　', '​'])('says that nothing is no name (%#)', (name) =>
    expect(classOfName(name)).toBe('missing'),
  );

  it('takes a long name in no time', () => {
    const started = performance.now();
    for (const name of ['婴1', '之子', 'bb', '无名氏1', 'doe ', '测试']) classOfName(name.repeat(200_000));
    for (const name of ['婴1', '之子', 'bb', '无名氏1', 'doe ', '测试']) classOfName(name.repeat(60));
    expect(performance.now() - started).toBeLessThan(500);
  });
});
