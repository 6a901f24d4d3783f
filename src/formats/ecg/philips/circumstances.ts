/** Patient, acquisition, device and filters of a Philips file. */
import type { EcgAcquisition, EcgDevice, EcgFilters, EcgPatient } from '../../../terms/parsed/ecg.ts';
import { attributeOf, childOf, pathOf, textOf, type XmlElement } from '../../xml/element.ts';
import type { EcgDraft } from '../draft.ts';
import { numberOf, present, sexOf, timeOf } from '../values.ts';

/** What Philips writes where it has nothing. */
const known = (text: string | undefined): string | undefined =>
  text === undefined || /^-+$/.test(text) ? undefined : text;

export function readCircumstances(root: XmlElement, draft: EcgDraft): void {
  draft.patient = patientOf(childOf(root, 'patient/generalpatientdata'));
  draft.acquisition = acquisitionOf(root);
  const machine = childOf(root, 'dataacquisition/machine');
  draft.device = present<EcgDevice>({
    maker: 'Philips',
    model: known(textOf(machine)),
    serial: known(attributeOf(machine, 'machineid')),
    software: known(attributeOf(machine, 'detaildescription')),
  });
  draft.filters = filtersOf(root);
}

function patientOf(patient: XmlElement | undefined): EcgPatient {
  const id = childOf(patient, 'patientid');
  const value = known(textOf(id));
  const [age, birth] = [childOf(patient, 'age'), known(textOf(patient, 'age/dateofbirth'))];
  const years = numberOf(textOf(age, 'years'));
  const given = [known(textOf(patient, 'name/firstname')), known(textOf(patient, 'name/middlename'))].filter(Boolean);
  return present<EcgPatient>({
    identifiers: id === undefined || value === undefined ? [] : [{ value, at: pathOf(id) }],
    family: known(textOf(patient, 'name/lastname')),
    given: given.length === 0 ? undefined : given.join(' '),
    birthDate: timeOf(birth),
    sex: sexOf(textOf(patient, 'sex')),
    age: years === undefined ? undefined : { value: years, unit: 'a' },
    heightCm: numberOf(textOf(patient, 'height/cm')),
    weightKg: numberOf(textOf(patient, 'weight/kg')),
    at: patient === undefined ? 'restingecgdata' : pathOf(patient),
  });
}

function acquisitionOf(root: XmlElement): EcgAcquisition {
  const acquisition = childOf(root, 'dataacquisition');
  const acquirer = childOf(acquisition, 'acquirer');
  const order = childOf(root, 'orderinfo');
  const date = attributeOf(acquisition, 'date');
  return present<EcgAcquisition>({
    id: textOf(root, 'documentinfo/documentname'),
    start: date === undefined ? undefined : timeOf(`${date}T${attributeOf(acquisition, 'time') ?? ''}`),
    startAt: acquisition === undefined ? undefined : pathOf(acquisition),
    facility: known(textOf(acquirer, 'institutionname')) ?? known(textOf(acquirer, 'facilityname')),
    department: known(textOf(acquirer, 'departmentname')) ?? known(textOf(acquirer, 'departmentid')),
    room: known(textOf(acquirer, 'room')),
    bed: known(textOf(acquirer, 'bed')),
    order: known(textOf(order, 'ordernumber')) ?? known(textOf(order, 'uniqueorderid')),
    visit: known(textOf(acquirer, 'encounterid')),
    reason: known(textOf(order, 'reasonfororder')),
    priority: attributeOf(acquisition, 'statflag')?.toLowerCase() === 'true' ? 'STAT' : undefined,
    technician: known(textOf(acquirer, 'operatorid')) ?? attributeOf(childOf(acquirer, 'operator'), 'id'),
  });
}

/** What the stored samples went through; the report's own bandwidth is only how it was printed. */
function filtersOf(root: XmlElement): EcgFilters {
  const signal = childOf(root, 'dataacquisition/signalcharacteristics');
  const [low, high] = (textOf(signal, 'signalbandwidth') ?? '').split('-');
  const notched = textOf(signal, 'notchfiltered')?.toLowerCase() === 'true';
  const positive = (text: string | undefined) => {
    const hz = numberOf(text);
    return hz !== undefined && Number(hz) > 0 ? hz : undefined;
  };
  return present<EcgFilters>({
    highPassHz: positive(textOf(signal, 'hipass')) ?? positive(low),
    lowPassHz: positive(textOf(signal, 'lowpass')) ?? positive(high),
    notchHz: notched
      ? (positive(textOf(signal, 'notchfilterfreqs')) ?? positive(textOf(signal, 'acsetting')))
      : undefined,
  });
}
