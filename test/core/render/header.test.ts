/** The words of a page: who, what was measured, what was read, and whether a doctor confirmed. */
import { describe, expect, test } from 'vitest';
import { layOut } from '../../../src/render/lay-out.ts';
import type { PageRequest } from '../../../src/render/page-request.ts';
import { printSvg } from '../../../src/render/svg.ts';
import { textWidth } from '../../../src/render/text-width.ts';
import type { Ecg } from '../../../src/terms/parsed/ecg.ts';
import { allText, textOf, textsOf } from './read-page.ts';
import { decimal, syntheticEcg } from './synthetic-ecg.ts';

function page(rest: Partial<Ecg> = {}, wish: Partial<PageRequest> = {}) {
  return layOut({ ecg: syntheticEcg({}, rest), layout: '3x4+1', speed: 25, gain: 10, language: 'en', ...wish });
}

describe('confirmation', () => {
  test('that a file does not state stands white on black', () => {
    const { confirmed: _, ...ecg } = syntheticEcg();
    const drawn = layOut({ ecg, layout: '3x4+1', speed: 25, gain: 10, language: 'en' });
    expect(allText(drawn)).toContain('CONFIRMATION NOT STATED · machine reading');
    expect(drawn.frames.map(({ fill }) => fill)).toEqual(['ink']);
  });

  test('that is missing stands white on black', () => {
    const drawn = page({ confirmed: 'unconfirmed' }, { language: 'zh' });
    expect(allText(drawn)).toContain('未经医师确认 · 机器判读');
    expect(drawn.frames.map(({ fill }) => fill)).toEqual(['ink']);
  });

  test('that was given names the doctor and the time', () => {
    const acquisition = {
      ...syntheticEcg().acquisition,
      confirmer: 'Dr Example',
      editedAt: '2026-11-03T09:12:00+08:00',
    };
    const drawn = page({ confirmed: 'confirmed', acquisition });
    expect(allText(drawn)).toContain('CONFIRMED by Dr Example · 2026-11-03 09:12:00 +08:00');
    expect(drawn.frames.map(({ fill }) => fill)).toEqual(['paper']);
  });

  test('of a reading kept beside the file stands instead of the file’s', () => {
    const reading = { statements: ['Sinus bradycardia'], confirmed: 'confirmed', by: 'Dr Other' } as const;
    const drawn = page({}, { reading });
    expect(allText(drawn)).toContain('CONFIRMED by Dr Other');
    expect(allText(drawn)).toContain('Sinus bradycardia');
    expect(allText(drawn)).not.toContain('正常心电图');
  });
});

describe('statements', () => {
  test('that have no room are counted', () => {
    const statements = Array.from({ length: 20 }, (_, k) => ({
      text: `finding ${k}`,
      kind: 'statement' as const,
      by: 'machine' as const,
      at: '',
    }));
    expect(allText(page({ statements }))).toContain('15 more not shown');
  });

  test('of a machine say so beside those of a person, which stand first', () => {
    const statements = [
      { text: 'Abnormal', kind: 'summary', by: 'machine', at: '' },
      { text: 'Agree', kind: 'statement', by: 'person', at: '' },
    ] as const;
    const texts = textsOf(page({ statements }));
    expect(texts.indexOf('Agree')).toBeLessThan(texts.indexOf('[machine reading] Abnormal'));
    expect(texts).toContain('UNCONFIRMED');
  });

  test('that a file does not hold are said to be missing', () => {
    expect(allText(page({ statements: [] }))).toContain('The file holds no statements');
  });
});

describe('measurements', () => {
  test('stand as the file writes them', () => {
    const texts = textsOf(page());
    expect(texts).toEqual(
      expect.arrayContaining(['72 /min', '160 ms', '92 ms', 'QT/QTcB', '400/438 ms', '48/61/55°', '1.40/1.10 mV']),
    );
  });

  test('that a person changed bear a star, and come before the machine’s', () => {
    const measurements = [
      { kind: 'qrs', value: decimal('92'), at: '' },
      { kind: 'qrs', value: decimal('110'), edited: true, at: '' },
    ] as const;
    expect(allText(page({ measurements }))).toContain('110* ms');
    expect(allText(page({ measurements }))).toContain('* changed by a person');
  });

  test('of a file that states the RR interval only say RR, and no rate is computed', () => {
    const drawn = page({ measurements: [{ kind: 'rr', value: decimal('910'), at: '' }] });
    expect(textsOf(drawn)).toEqual(expect.arrayContaining(['RR', '910 ms']));
    expect(textOf(drawn, 'Heart rate')).toBeUndefined();
  });

  test('that the file does not state are dashes, and of a single lead are no global ones', () => {
    const drawn = page({ measurements: [{ kind: 'pr', value: decimal('180'), lead: 'II', at: '' }] });
    expect(textsOf(drawn).filter((text) => text === '–')).toHaveLength(5);
  });
});

describe('filters', () => {
  test.each([
    [{}, 'Filters not stated'],
    [{ highPassHz: decimal('0.05'), lowPassHz: decimal('150') }, 'Filters as recorded: 0.05–150 Hz'],
    [{ lowPassHz: decimal('40'), notchHz: decimal('50') }, 'Filters as recorded: up to 40 Hz, notch 50 Hz'],
    [{ highPassHz: decimal('0.67') }, 'Filters as recorded: from 0.67 Hz'],
  ])('%j', (filters, said) => {
    expect(allText(page({ filters }))).toContain(said);
  });
});

describe('identity', () => {
  const telling = ['测试甲', '0000001234', '1961-04-09', 'ECG20261103001', '技师甲'];

  test('is on the page, and not in its title or description', () => {
    const drawn = page();
    for (const text of telling) {
      expect(allText(drawn)).toContain(text);
      expect(`${drawn.title}${drawn.description}`).not.toContain(text);
    }
    expect(allText(drawn)).toContain('500 samples/s');
  });

  test('that is hidden stands nowhere, also not in what others wrote', () => {
    const statements = [{ text: '测试甲 0000001234：窦性心律', kind: 'statement', by: 'machine', at: '' }] as const;
    const printed = printSvg(page({ statements }, { hideIdentity: true }));
    for (const text of telling) expect(printed).not.toContain(text);
    expect(printed).toContain('*** ***：窦性心律');
    expect(printed).toContain('Identity hidden');
  });

  test('that the caller knows better stands instead of the file’s', () => {
    const header = { facility: '示例中心', name: '测试乙', id: 'B-7', sex: 'male', birthDate: '1970-01-01' } as const;
    const text = allText(page({}, { header }));
    for (const word of ['示例中心', '测试乙', 'B-7', 'male', '1970-01-01']) expect(text).toContain(word);
    for (const word of ['示例县第一人民医院', '测试甲', '0000001234']) expect(text).not.toContain(word);
  });
});

describe('texts', () => {
  const long = '很长的名字'.repeat(40);
  const many = 'a rather long English statement that goes on and on '.repeat(10);
  const drawn = page(
    {
      patient: { ...syntheticEcg().patient, name: long, identifiers: [{ value: '9'.repeat(90), at: '' }] },
      acquisition: {
        start: '2026-11-03T08:15:30.123456+08:00',
        facility: long,
        department: long,
        room: long,
        bed: long,
        order: '7'.repeat(90),
        reason: many,
        technician: many,
        confirmer: long,
      },
      device: { maker: long, model: many },
      confirmed: 'confirmed',
      statements: Array.from({ length: 9 }, (_, k) => ({
        text: k % 2 === 0 ? long : many,
        kind: k === 0 ? ('summary' as const) : ('statement' as const),
        by: 'machine' as const,
        at: '',
      })),
    },
    { warnings: [many, long] },
  );

  test('never run over one another or off the page, however long', () => {
    const boxes = drawn.texts.map(({ text, x, y, size, anchor, bold }) => {
      const width = textWidth(text, size, bold === true);
      const left = anchor === 'end' ? x - width : anchor === 'middle' ? x - width / 2 : x;
      return { text, left, right: left + width, top: y - 0.72 * size, bottom: y + 0.2 * size };
    });
    for (const [k, one] of boxes.entries()) {
      expect(one.right).toBeLessThan(286);
      expect(one.left).toBeGreaterThan(4);
      for (const other of boxes.slice(k + 1)) {
        const apart =
          one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;
        expect(apart ? '' : `${one.text} | ${other.text}`).toBe('');
      }
    }
  });

  test('that are cut end with an ellipsis', () => {
    expect(textsOf(drawn).filter((text) => text.endsWith('…')).length).toBeGreaterThan(6);
  });

  test('of the caller’s warnings stand right above the curves', () => {
    const warned = page({}, { warnings: ['V3 off for 1.2 s', 'mains hum'] });
    const warning = textOf(warned, '! Quality: V3 off for 1.2 s · mains hum');
    expect(warning?.colour).toBe('warning');
    expect(textOf(page(), '! Quality: ')).toBeUndefined();
  });
});
