/** Keys of patients, reports and results (SETTLED 4 to 7): what makes two messages speak of the same thing. */
import { describe, expect, it } from 'vitest';
import { joinKey } from '../../../src/base/digest.ts';
import { patientBusinessKey } from '../../../src/mapping/patient-key.ts';
import { DEFAULT_PROFILE, type FacilityProfile } from '../../../src/terms/facility.ts';
import { mapSegments, msh, OBR, OBX, observationsOf, PID } from '../../support/oru.ts';

const reportsOf = (segments: readonly string[], profile?: FacilityProfile) =>
  mapSegments(segments, profile).patients.flatMap(({ reports }) => reports);
const reportId = (segments: readonly string[], profile?: FacilityProfile) => reportsOf(segments, profile)[0]?.id;
const patientId = (pid: string, profile?: FacilityProfile, pv1 = 'PV1|1|O') =>
  mapSegments([pid, pv1, OBR, OBX], profile).patients[0]?.patient?.resource.id;

describe('the report key', () => {
  it('is the same for a correction in another message at another time', () => {
    const again = [msh('ORU^R01', 'M2'), PID, OBR.replace('20260301101500', '20260302101500').replace(/F$/, 'C'), OBX];
    expect(reportId(again)).toBe(reportId([PID, OBR, OBX]));
  });

  it.each([
    ['another filler number', OBR.replace('|L1|', '|L2|')],
    ['another code', OBR.replace('CBC', 'LIVER')],
  ])('differs by %s', (_what, obr) => {
    expect(reportId([PID, obr, OBX])).not.toBe(reportId([PID, OBR, OBX]));
  });

  it('does not depend on the placer number when there is a filler number', () => {
    expect(reportId([PID, OBR.replace('|O1|', '|O2|'), OBX])).toBe(reportId([PID, OBR, OBX]));
  });

  it('is the placer number without a filler number, and not the same as an equal filler number', () => {
    const placer = reportId([PID, OBR.replace('|O1|L1|', '|L1||'), OBX]);
    expect(placer).not.toBe(reportId([PID, OBR.replace('|O1|L1|', '||L1|'), OBX]));
    expect(reportsOf([PID, OBR.replace('|O1|L1|', '|L1||'), OBX])[0]?.numbered).toBe(true);
  });

  it('is found in ORC where OBR has neither number', () => {
    const [report] = reportsOf([PID, 'ORC|RE|O1|L1', OBR.replace('|O1|L1|', '|||'), OBX]);
    expect(report?.numbered).toBe(true);
    expect(report?.id).toBe(reportId([PID, OBR, OBX]));
  });

  it('counts the same number and code within one message', () => {
    const [first, second] = reportsOf([PID, OBR, OBX, OBR, OBX]);
    expect(first?.id).toBe(reportId([PID, OBR, OBX]));
    expect(second?.id).not.toBe(first?.id);
  });

  it('comes from the message without numbers: a resend is the same, another message is not', () => {
    const bare = OBR.replace('|O1|L1|', '|||');
    const [report] = reportsOf([PID, bare, OBX]);
    expect(report?.numbered).toBe(false);
    expect(reportId([PID, bare, OBX])).toBe(report?.id);
    expect(reportId([msh('ORU^R01', 'M2'), PID, bare, OBX])).not.toBe(report?.id);
  });

  it('takes a date when the profile says so', () => {
    const profile: FacilityProfile = { ...DEFAULT_PROFILE, reportKey: ['filler', 'code', 'collected-date'] };
    const nextDay = OBR.replace('20260301090500', '20260302090500');
    expect(reportId([PID, nextDay, OBX], profile)).not.toBe(reportId([PID, OBR, OBX], profile));
    expect(reportId([PID, nextDay, OBX])).toBe(reportId([PID, OBR, OBX]));
  });
});

describe('the element key', () => {
  const idOf = (obx: string, profile?: FacilityProfile) => observationsOf(mapSegments([PID, OBR, obx], profile))[0]?.id;

  it('is the same when the value, the name or the order in the report changes', () => {
    const before = idOf(OBX);
    expect(idOf(OBX.replace('6.31', '7.0').replace('白细胞', 'WBC').replace('OBX|1', 'OBX|7'))).toBe(before);
  });

  it.each([
    ['another code', OBX.replace('WBC', 'RBC')],
    ['another sub-id', OBX.replace('^L||', '^L|2|')],
  ])('differs by %s', (_what, obx) => {
    expect(idOf(obx)).not.toBe(idOf(OBX));
  });

  it('counts equal codes within a report', () => {
    const ids = observationsOf(mapSegments([PID, OBR, OBX, OBX])).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toBe(idOf(OBX));
  });

  it('takes the name where there is no code, and a name is not the code of another', () => {
    expect(idOf('OBX|1|ST|^WBC||x')).toBe(idOf('OBX|1|ST|^WBC||y'));
  });

  it('takes OBX-21 only by profile', () => {
    const withInstance = `${OBX}${'|'.repeat(10)}I1`;
    expect(idOf(withInstance)).toBe(idOf(OBX));
    expect(idOf(withInstance, { ...DEFAULT_PROFILE, elementKeyByObx21: true })).not.toBe(idOf(OBX));
  });
});

describe('the patient key', () => {
  it('is the first PID-3 of MR, PI, PT or untyped', () => {
    const plain = patientId('PID|1||P1^^^^MR||张^三');
    expect(patientId('PID|1||X9^^^^NI~P1^^^^PI||张^三')).toBe(plain);
    expect(patientId('PID|1||P1||李^四')).toBe(plain);
    expect(patientId('PID|1||P2||张^三')).not.toBe(plain);
  });

  it('is PID-2, then PID-4, when PID-3 has none of these types', () => {
    const plain = patientId('PID|1||P1||张^三');
    expect(patientId('PID|1|P1|X9^^^^NI|P4|张^三')).toBe(plain);
    expect(patientId('PID|1||X9^^^^NI|P1|张^三')).toBe(plain);
  });

  it('is a visit number when there is no patient number, and never equals a patient number', () => {
    const visit = patientId('PID|1||V1^^^^VN||张^三');
    expect(patientId('PID|1||||张^三', undefined, `PV1|1|O${'|'.repeat(17)}V1`)).toBe(visit);
    expect(patientId('PID|1||V1||张^三')).not.toBe(visit);
  });

  it('is of the type that the profile names', () => {
    const profile: FacilityProfile = { ...DEFAULT_PROFILE, patientKeyTypes: ['CARD', 'MR'] };
    const card = patientId('PID|1||P1^^^^MR~C1^^^^CARD||张^三', profile);
    expect(card).toBe(patientId('PID|1||C1||张^三'));
  });

  it('without any number gives each report a Patient of its own', () => {
    const { patients } = mapSegments(['PID|1||||张^三', OBR, OBX, OBR.replace('|L1|', '|L2|'), OBX]);
    expect(patients).toHaveLength(2);
    expect(new Set(patients.map(({ patient }) => patient?.resource.id)).size).toBe(2);
  });

  it('without any number still maps each observation of a shared specimen once', () => {
    const shared = ['PID|1||||张^三', 'SPM|1|^T1', OBX, OBR, OBX, OBR.replace('|L1|', '|L2|'), OBX];
    expect(observationsOf(mapSegments(shared))).toHaveLength(3);
  });

  it('is the same for a question as for a message', () => {
    expect(patientBusinessKey({ value: 'P1' })).toBe(joinKey('patient', 'P1'));
  });
});
