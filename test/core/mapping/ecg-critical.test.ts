/** Statements that cannot wait are known in the words that devices and doctors use, and what denies them is not one. */
import { describe, expect, test } from 'vitest';
import { isCriticalStatement } from '../../../src/mapping/ecg/critical.ts';

describe('a statement', () => {
  test.each([
    '>>> Acute MI <<<',
    'Inferior infarct, acute (LCx) · ST>0.10mV, II III aVF, STd V1-V3',
    'ANTEROSEPTAL INFARCT, POSSIBLY ACUTE',
    'Acute ST elevation MI',
    '*** STEMI ***',
    'Ventricular tachycardia',
    'Complete heart block',
    '3rd degree AV block'.replace('3rd degree', '3rd-degree'),
    'ST段抬高,提示急性下壁心肌梗死',
    '急性前壁心肌梗塞',
    '短阵室性心动过速',
    '三度房室传导阻滞',
    '心室颤动',
  ])('that cannot wait: %s', (text) => {
    expect(isCriticalStatement(text)).toBe(true);
  });

  test.each([
    'Sinus rhythm',
    'Normal ECG',
    'Old inferior infarct',
    'First degree AV block',
    'Premature ventricular complexes',
    'No acute infarct',
    'Left ventricular hypertrophy',
    '窦性心律',
    '陈旧性下壁心肌梗死',
    '一度房室传导阻滞',
    '未见急性心肌梗死改变',
    '室性早搏',
    '完全性右束支传导阻滞',
    '',
  ])('that can: %s', (text) => {
    expect(isCriticalStatement(text)).toBe(false);
  });

  test('of any length is read in bounded time', () => {
    const begin = performance.now();
    isCriticalStatement('acute '.repeat(100_000));
    isCriticalStatement('>'.repeat(1_000_000));
    expect(performance.now() - begin).toBeLessThan(500);
  });
});
