/**
 * Segments of ORU^R01, ORU^R30 and OUL^R22 to R24 → patients, orders, results and specimens. One rule
 * for all of them, "what stands nearest above", because senders keep to no grammar (facts 1):
 *
 * - PID opens a patient, OBR an order, OBX a result of the order above, NTE belongs to what it follows.
 * - ORC belongs to the next OBR; in OUL, where it follows its OBR, to that one.
 * - SPM belongs to the order above; in OUL^R22 and R23, and where it stands before any OBR, to those below.
 * - OBX behind SPM are results when no OBX stood between OBR and SPM; else they describe the specimen.
 */
import type { Reading } from './reading.ts';
import type { Run } from './run.ts';

export interface PatientGroup {
  pid: Reading | undefined;
  pd1: Reading | undefined;
  readonly relatives: Reading[];
  readonly notes: Reading[];
  readonly participations: Reading[];
  readonly visits: Reading[];
  readonly orders: OrderGroup[];
  /** Every SPM of this patient, in order. */
  readonly specimens: SpecimenGroup[];
}

export interface OrderGroup {
  orc: Reading | undefined;
  readonly obr: Reading | undefined;
  visit: Reading | undefined;
  readonly notes: Reading[];
  readonly timings: Reading[];
  readonly participations: Reading[];
  readonly results: ResultGroup[];
  readonly specimens: SpecimenGroup[];
  /** No OBX stood between OBR and the first SPM: those behind SPM are results. */
  resultsBehindSpecimen: boolean;
}

export interface ResultGroup {
  readonly obx: Reading;
  readonly notes: Reading[];
  readonly participations: Reading[];
  /** The SPM nearest above, where results follow specimens. */
  readonly below: SpecimenGroup | undefined;
}

export interface SpecimenGroup {
  readonly spm: Reading;
  readonly notes: Reading[];
  readonly containers: Reading[];
  readonly participations: Reading[];
  /** Observations about the specimen itself. */
  readonly observations: ResultGroup[];
}

/** What NTE and PRT bind to. */
interface Owner {
  readonly notes: Reading[];
  readonly participations: Reading[];
}

class Grouper {
  readonly patients: PatientGroup[] = [];
  readonly #run: Run;
  readonly #isOul: boolean;
  readonly #readings: readonly Reading[];
  #specimensFirst: boolean;
  readonly #specimensFirstByTrigger: boolean;
  #patient: PatientGroup | undefined;
  #order: OrderGroup | undefined;
  #visit: Reading | undefined;
  #pendingOrc: Reading | undefined;
  #pendingOwner: Owner | undefined;
  /** Specimens for the orders below, and whether an order has followed them. */
  #scope: SpecimenGroup[] = [];
  #scopeUsed = false;
  #specimen: SpecimenGroup | undefined;
  #owner: Owner | undefined;

  constructor(readings: readonly Reading[], run: Run, type: { readonly code: string; readonly trigger: string }) {
    this.#readings = readings;
    this.#run = run;
    this.#isOul = type.code === 'OUL';
    this.#specimensFirstByTrigger = this.#isOul && (type.trigger === 'R22' || type.trigger === 'R23');
    this.#specimensFirst = this.#specimensFirstByTrigger;
  }

  group(): readonly PatientGroup[] {
    this.#readings.forEach((reading, index) => this.#take(reading, index));
    this.#dropPendingOrder();
    return this.patients;
  }

  #take(reading: Reading, index: number): void {
    switch (reading.name) {
      case 'PID':
        this.#openPatient(reading);
        return;
      case 'PD1':
        this.#currentPatient().pd1 ??= reading;
        return;
      case 'NK1':
        this.#currentPatient().relatives.push(reading);
        return;
      case 'PV1':
        this.#visit = reading;
        this.#currentPatient().visits.push(reading);
        this.#owner = undefined;
        return;
      case 'ORC':
        this.#takeOrc(reading, index);
        return;
      case 'OBR':
        this.#openOrder(reading);
        return;
      case 'TQ1':
        this.#order?.timings.push(reading);
        return;
      case 'SPM':
        this.#takeSpecimen(reading);
        return;
      case 'SAC':
        this.#specimen?.containers.push(reading);
        return;
      case 'OBX':
        this.#takeResult(reading);
        return;
      case 'NTE':
        if (this.#owner === undefined) this.#run.problem('mapping/note-without-owner', 'warning', reading.where());
        else this.#owner.notes.push(reading);
        return;
      case 'PRT':
        this.#owner?.participations.push(reading);
        return;
      default:
    }
  }

  #currentPatient(): PatientGroup {
    if (this.#patient === undefined) {
      this.#patient = {
        pid: undefined,
        pd1: undefined,
        relatives: [],
        notes: [],
        participations: [],
        visits: [],
        orders: [],
        specimens: [],
      };
      this.patients.push(this.#patient);
    }
    return this.#patient;
  }

  #openPatient(pid: Reading): void {
    this.#dropPendingOrder();
    // A PV1 that stands before its PID (seen) stays with it.
    if (this.#patient !== undefined && (this.#patient.pid !== undefined || this.#patient.orders.length > 0)) {
      this.#patient = undefined;
      this.#visit = undefined;
    }
    const patient = this.#currentPatient();
    patient.pid = pid;
    this.#order = undefined;
    this.#specimen = undefined;
    this.#scope = [];
    this.#scopeUsed = false;
    this.#specimensFirst = this.#specimensFirstByTrigger;
    this.#owner = patient;
  }

  #takeOrc(orc: Reading, index: number): void {
    const order = this.#order;
    const free = order !== undefined && order.orc === undefined && order.results.length === 0;
    if (free && order.obr !== undefined && (this.#isOul || !this.#obrFollows(index))) {
      order.orc = orc;
      this.#owner = order;
      return;
    }
    this.#dropPendingOrder();
    this.#pendingOrc = orc;
    this.#pendingOwner = { notes: [], participations: [] };
    this.#owner = this.#pendingOwner;
  }

  /** Whether an OBR comes before the next result, specimen or patient. */
  #obrFollows(index: number): boolean {
    for (let i = index + 1; i < this.#readings.length; i++) {
      const name = this.#readings[i]?.name;
      if (name === 'OBR') return true;
      if (name === 'OBX' || name === 'SPM' || name === 'PID' || name === 'ORC') return false;
    }
    return false;
  }

  #dropPendingOrder(): void {
    if (this.#pendingOrc === undefined) return;
    this.#run.problem('mapping/order-without-report', 'warning', this.#pendingOrc.where());
    this.#pendingOrc = undefined;
    this.#pendingOwner = undefined;
  }

  #openOrder(obr: Reading | undefined): OrderGroup {
    const patient = this.#currentPatient();
    const order: OrderGroup = {
      orc: this.#pendingOrc,
      obr,
      visit: this.#visit,
      notes: this.#pendingOwner?.notes ?? [],
      timings: [],
      participations: this.#pendingOwner?.participations ?? [],
      results: [],
      specimens: this.#specimensFirst ? this.#scope : [],
      resultsBehindSpecimen: this.#specimensFirst,
    };
    this.#pendingOrc = undefined;
    this.#pendingOwner = undefined;
    if (this.#specimensFirst) this.#scopeUsed = true;
    else this.#specimen = undefined;
    patient.orders.push(order);
    this.#order = order;
    this.#owner = order;
    return order;
  }

  #takeSpecimen(spm: Reading): void {
    const specimen: SpecimenGroup = { spm, notes: [], containers: [], participations: [], observations: [] };
    this.#currentPatient().specimens.push(specimen);
    if (this.#order === undefined) this.#specimensFirst = true;
    if (this.#specimensFirst) {
      if (this.#scopeUsed) this.#scope = [];
      this.#scopeUsed = false;
      this.#scope.push(specimen);
      this.#order = undefined;
    } else if (this.#order !== undefined) {
      if (this.#order.specimens.length === 0) this.#order.resultsBehindSpecimen = this.#order.results.length === 0;
      this.#order.specimens.push(specimen);
    }
    this.#specimen = specimen;
    this.#owner = specimen;
  }

  #takeResult(obx: Reading): void {
    const order = this.#order;
    const specimen = this.#specimen;
    const behind = specimen !== undefined && (order === undefined || !order.resultsBehindSpecimen);
    const below = order?.resultsBehindSpecimen === true ? specimen : undefined;
    const result: ResultGroup = { obx, notes: [], participations: [], below };
    if (behind) specimen.observations.push(result);
    else (order ?? this.#openOrder(undefined)).results.push(result);
    this.#owner = result;
  }
}

/** Groups a message's segments. What belongs to nothing is told and stays unread. */
export function groupSegments(
  readings: readonly Reading[],
  run: Run,
  type: { readonly code: string; readonly trigger: string },
): readonly PatientGroup[] {
  const patients = new Grouper(readings, run, type).group();
  for (const patient of patients) adoptSpecimens(patient);
  return patients;
}

/** A specimen under which no order stands gets an order without OBR, so that nothing about it is lost. */
function adoptSpecimens(patient: PatientGroup): void {
  const owned = new Set(patient.orders.flatMap((order) => order.specimens));
  const orphans = patient.specimens.filter((specimen) => !owned.has(specimen));
  if (orphans.length === 0) return;
  patient.orders.push({
    orc: undefined,
    obr: undefined,
    visit: patient.visits[0],
    notes: [],
    timings: [],
    participations: [],
    results: [],
    specimens: orphans,
    resultsBehindSpecimen: false,
  });
}
