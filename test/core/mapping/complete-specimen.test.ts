/** OBR's own words about a specimen beside its SPM: they complete it, and what it says otherwise is unread. */
import { describe, expect, it } from 'vitest';
import { mapSegments, OBX, PID } from '../../support/oru.ts';

/** OBR-7, OBR-9, OBR-10, OBR-14, OBR-15. */
const obr = (collected: string, quantity: string, collector: string, received: string, source: string): string =>
  `OBR|1|O1|L1|CBC|||${collected}||${quantity}|${collector}||||${received}|${source}||||||||||F`;
const SPM = `SPM|1|^T1||BLD^血|||||||||||||20260301090000+0800|20260301093000+0800`;

function unreadOf(order: string, spm = SPM): readonly string[] {
  return mapSegments([PID, order, OBX, spm]).unread;
}

describe('beside an SPM', () => {
  it('what it repeats counts as read, whatever code system its field has', () => {
    expect(unreadOf(obr('20260301090000+0800', '', '', '20260301093000+0800', 'BLD'))).toEqual([]);
  });

  it('what it leaves out is taken', () => {
    expect(unreadOf(obr('', '3^mL', 'N1^护^士', '', '^^晨起^LA&左臂'))).toEqual([]);
  });

  it('what it says otherwise stays unread, part by part', () => {
    expect(unreadOf(obr('20260301080000+0800', '', '', '20260301080500+0800', 'SER^肝素'))).toEqual([
      'OBR[1]-14',
      'OBR[1]-15.1',
    ]);
  });

  it('the same text is accounted for alike when it comes again', () => {
    const order = obr('', '', '', '', 'UR');
    expect([unreadOf(order), unreadOf(order)]).toEqual([['OBR[1]-15.1'], ['OBR[1]-15.1']]);
    expect(mapSegments([PID, order, OBX]).unread).toEqual([]);
  });
});

it('beside several SPM it belongs to none of them and stays unread', () => {
  const order = obr('', '', '', '', 'SER');
  expect(mapSegments([PID, order, OBX, SPM, SPM.replace('T1', 'T2')]).unread).toEqual(['OBR[1]-15']);
});
