/** Who comes where, why, and when again: first visits, repeats elsewhere within days, and how the doctor answers a card. */
import { FACILITIES } from './facilities.ts';
import type { SimulatedFacility } from './facilities.ts';
import { orderCode } from './local-codes.ts';
import { panel, REASONS } from './panels.ts';
import type { VisitReason } from './panels.ts';
import type { NumberTrouble, Person } from './people.ts';
import type { Acute } from './physiology.ts';
import { NATIONAL_SYSTEM, recordOf, unknownRecord } from './records.ts';
import type { PatientRecord } from './records.ts';
import type { Intent, OrderedPatient, OrderEvent, RegionEvent } from './region-event.ts';
import { report } from './reporting.ts';
import { DAY, HOUR, MINUTE, localDay, startOfLocalDay, toInstant } from './when.ts';
import type { World } from './world.ts';

interface Plan {
  readonly person: Person;
  readonly facility: SimulatedFacility;
  readonly panels: readonly string[];
  readonly place: VisitReason['place'];
  readonly acute: Acute;
  /** How many visits for the same trouble came before. */
  readonly repeat: number;
}

/** A first visit somewhere on this day, put on the agenda. */
export function planVisit(world: World, day: number): void {
  const { random, rota } = world;
  const at = startOfLocalDay(day) + 8 * HOUR + random.between(0, 9 * 60) * MINUTE;
  if (rota.due('unknown', 45)) {
    world.agenda.push(at, (now) => unknownVisit(world, now));
    return;
  }
  const person = choosePerson(world, at);
  scheduleFirst(world, person, at);
  // The owner of a number that somebody else carries comes too: otherwise nobody would notice.
  if (person.owner !== undefined)
    scheduleFirst(world, world.population.person(person.owner), at + random.between(1, 4) * DAY);
}

function scheduleFirst(world: World, person: Person, at: number): void {
  const reason = chooseReason(world, person);
  const acute = acuteOf(world, reason);
  const facility = chooseFacility(world, person, reason);
  const perhaps = reason.perhaps.filter(([, chance]) => world.random.chance(chance)).map(([id]) => id);
  const panels = [...reason.panels, ...perhaps].filter((id) => facility.panels.includes(id));
  const plan: Plan = { person, facility, panels, place: reason.place, acute, repeat: 0 };
  world.agenda.push(at, (now) => visit(world, plan, now));
}

/** Of twenty-four people at a first visit: whom the small demo, too, has to see. */
const SOUGHT: readonly (NumberTrouble | undefined)[] = [
  'mother',
  'neighbour',
  'borrowed',
  'none',
  ...Array.from({ length: 20 }, () => undefined),
];

function choosePerson(world: World, at: number): Person {
  const { random, rota, population } = world;
  const from = random.between(0, population.size - 1);
  const wanted = rota.deal('person', SOUGHT);
  const found = wanted === undefined ? undefined : nextBorn(wanted);
  const person = found ?? nextBorn(undefined);
  if (person === undefined) throw new Error('a region in which nobody is born');
  return person;

  function nextBorn(trouble: NumberTrouble | undefined): Person | undefined {
    for (let step = 0; step < population.size; step++) {
      const index = (from + step) % population.size;
      if (trouble !== undefined && population.trouble(index) !== trouble) continue;
      const candidate = population.person(index);
      if (candidate.bornAt < at) return candidate;
    }
    return undefined;
  }
}

function chooseReason(world: World, person: Person): VisitReason {
  const { random } = world;
  if (person.trouble === 'mother') return reason('newborn');
  const chronic = person.conditions.flatMap((condition): readonly (readonly [string, number])[] => {
    switch (condition) {
      case 'diabetes':
        return [['diabetes', 6]];
      case 'kidney-disease':
        return [['kidney', 6]];
      case 'fatty-liver':
        return [['liver', 3]];
      case 'hepatitis-b':
        return [['liver', 6]];
      case 'hyperlipidaemia':
        return [['lipid', 4]];
      case 'hypothyroid':
      case 'hyperthyroid':
        return [['thyroid', 7]];
      case 'anticoagulated':
        return [['anticoagulation', 8]];
      case 'anaemia':
        return [['checkup', 2]];
    }
  });
  return reason(
    random.weighted([
      ['checkup', 4],
      ['infection', 5],
      ['urinary', 1.5],
      ['operation', 1.2],
      ['emergency', 1.5],
      ['thyroid', 0.7],
      ...chronic,
    ]),
  );
}

function reason(id: string): VisitReason {
  return REASONS[id] as VisitReason;
}

function acuteOf({ random }: World, { id }: VisitReason): Acute {
  if (id === 'infection') return 'infection';
  if (id === 'urinary') return 'urinary-infection';
  if (id === 'newborn') return random.chance(0.5) ? 'infection' : undefined;
  if (id === 'emergency') return random.pick(['critical', 'dehydration', 'infection', undefined]);
  return undefined;
}

function chooseFacility(world: World, person: Person, { panels, place }: VisitReason): SimulatedFacility {
  const able = FACILITIES.filter((facility) => panels.some((id) => facility.panels.includes(id)));
  return world.random.weighted(
    able.map((facility) => {
      const near = facility.place === person.home ? 6 : facility.level === 3 ? 1.5 : 0.2;
      const fit = facility.level === 1 && place !== 'outpatient' ? 0.1 : facility.level === 2 ? 1.5 : 1;
      return [facility, near * fit] as const;
    }),
  );
}

function* visit(world: World, plan: Plan, at: number): Iterable<RegionEvent> {
  const { random, setting } = world;
  const { facility, person } = plan;
  const record = recordOf(setting.seed, person, facility);
  const number = visitNumber(world, facility, at);
  const asks = plan.repeat > 0 || random.chance(0.15);
  const answer = asks ? answerOf(world, plan) : undefined;
  if (answer !== undefined) yield orderOf(world, plan, { record, number, at, answer });
  if (answer === undefined || answer.performs) {
    const { place, panels, acute } = plan;
    report(world, { facility, person, record, known: true, number, place, panels, acute }, at + 5 * MINUTE);
  }
  if (random.chance(plan.repeat === 0 ? 0.5 : plan.repeat === 1 ? 0.25 : 0)) planRepeat(world, plan, at);
}

/** The same trouble, another hospital (mostly), some of the same panels. */
function planRepeat(world: World, plan: Plan, at: number): void {
  const { random, setting } = world;
  const elsewhere = FACILITIES.filter(
    (facility) => facility.id !== plan.facility.id && plan.panels.some((id) => facility.panels.includes(id)),
  );
  const same = random.chance(0.1) || elsewhere.length === 0;
  const facility = same
    ? plan.facility
    : random.weighted(
        elsewhere.map((one) => {
          const near = one.place === plan.person.home ? 4 : one.place === 'city' ? 2 : 0.1;
          return [one, near * (one.level > plan.facility.level ? 2 : 1)] as const;
        }),
      );
  const able = plan.panels.filter((id) => facility.panels.includes(id));
  const panels = able.filter(() => random.chance(0.75));
  if (panels.length === 0) panels.push(able[0] as string);
  const soonest = Math.max(...panels.map((id) => panel(id).repeatHours[0]), 5);
  const latest = Math.max(...panels.map((id) => panel(id).repeatHours[1]));
  // Squared: most come back soon, some when nothing may be used any more.
  const wait = random.next() ** 2 * (latest * 1.2 - soonest) + soonest;
  const then = inOpeningHours(at + wait * HOUR, plan.place, random.between(0, 400));
  if (then > setting.start + setting.days * DAY) return;
  const next: Plan = { ...plan, facility, panels, repeat: plan.repeat + 1 };
  world.agenda.push(then, (now) => visit(world, next, now));
}

function inOpeningHours(at: number, place: VisitReason['place'], minutes: number): number {
  const hour = (at - startOfLocalDay(at)) / HOUR;
  if (place === 'emergency' || (hour >= 8 && hour < 18)) return Math.floor(at);
  return startOfLocalDay(at) + (hour < 8 ? 0 : DAY) + 8 * HOUR + minutes * MINUTE;
}

interface Answer {
  readonly intent: Intent;
  readonly reason?: string;
  readonly performs: boolean;
}

/** Of twelve doctors who meet a repeat: what they do when a card comes. */
const INTENTS: readonly Intent[] = [
  ...Array.from({ length: 7 }, () => 'accept' as const),
  ...(['refuse', 'refuse', 'ignore', 'ignore', 'revoke-after-accept'] as const),
];
const REFUSALS = ['01', '01', '02', '03', '04', '05', '06', '98', '99'] as const;

function answerOf({ rota }: World, { repeat }: Plan): Answer {
  // A first order expects no card; should one come, this doctor passes over it.
  if (repeat === 0) return { intent: 'ignore', performs: true };
  const intent = rota.deal('intent', INTENTS);
  if (intent === 'refuse') return { intent, reason: rota.deal('refusal', REFUSALS), performs: true };
  return { intent, performs: intent !== 'accept' };
}

function orderOf(
  world: World,
  { facility, person, panels, repeat }: Plan,
  stated: { readonly record: PatientRecord; readonly number: string; readonly at: number; readonly answer: Answer },
): OrderEvent {
  const { record, number, at, answer } = stated;
  return {
    kind: 'order',
    at: toInstant(at),
    facility: facility.id,
    encounter: number,
    patient: orderedPatient(facility, record),
    orders: panels.map((id) => {
      const { code, system, display } = orderCode(facility, panel(id));
      return { key: `${facility.id}-${String(world.next(`order ${facility.id}`))}`, system, code, display };
    }),
    practitioner: `${facility.id}-D${String(world.random.between(1, 9))}`,
    ...answer,
    repeats: repeat > 0,
    person: person.index,
  };
}

function orderedPatient(facility: SimulatedFacility, record: PatientRecord): OrderedPatient {
  const national = {
    system: NATIONAL_SYSTEM,
    type: facility.profile.nationalIdType ?? 'NI',
    value: record.number ?? '',
  };
  const local = { system: '', type: facility.profile.patientKeyTypes?.[0] ?? 'MR', value: record.local };
  return {
    identifiers: record.number === undefined ? [local] : [national, local],
    name: record.family + record.given,
    ...(record.birthDay === undefined ? {} : { birthDate: record.birthDay }),
    ...(record.sex === undefined ? {} : { sex: record.sex }),
  };
}

/** Brought in unconscious: tests are done, nobody knows whose. */
function unknownVisit(world: World, at: number): Iterable<RegionEvent> {
  const { random, population } = world;
  const facility = random.pick(FACILITIES.filter(({ level }) => level > 1));
  const person = population.person(random.between(0, population.size - 1));
  const digits = localDay(at).replaceAll('-', '');
  const record = unknownRecord({ facility, digits, count: world.next('unknown'), sex: person.sex });
  const number = visitNumber(world, facility, at);
  const panels = ['CBC', 'ELECTROLYTES'].filter((id) => facility.panels.includes(id));
  report(world, { facility, person, record, known: false, number, place: 'emergency', panels, acute: 'critical' }, at);
  return [];
}

function visitNumber(world: World, facility: SimulatedFacility, at: number): string {
  return `V${localDay(at).replaceAll('-', '').slice(2)}${String(world.next(`visit ${facility.id}`)).padStart(5, '0')}`;
}
