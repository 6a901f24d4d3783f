/** What a search of AuditEvents asks for (R4 auditevent.html#search): `patient`, `entity`, `action`, `outcome`, `date`, `_count`. */
import { done, type Outcome } from '../../base/outcome.ts';
import type { AuditQuery } from '../../ports/store-audit.ts';
import { type Pairs, searchRefusal } from '../../search/parse-query.ts';
import { type DateValue, readDate, readReference, readToken } from '../../search/values.ts';
import type { Instant } from '../../terms/instant.ts';
import type { Gateway } from '../gateway.ts';
import { actionsOf } from './audit-codes.ts';

export type AskedEvents = Pick<AuditQuery, 'from' | 'before' | 'actions' | 'outcome' | 'resource'> & {
  /** Id of the Patient that was looked at. */
  readonly patient: string | undefined;
  readonly count: number;
};

const COUNT_DEFAULT = 50;
const COUNT_MAX = 500;

/** Refused with `search/bad-value` or `search/not-served`. */
export function readAuditQuery(gateway: Gateway, pairs: Pairs): Outcome<AskedEvents> {
  let asked: AskedEvents = { patient: undefined, count: COUNT_DEFAULT };
  for (const [name, value] of pairs) {
    if (name === '_format' || name === '_pretty' || name === '_cursor') continue;
    if (!Object.hasOwn(READERS, name)) return searchRefusal('search/not-served', 'parameter');
    const read = (READERS[name] as Reader)(value, gateway.regionZone);
    if (read === undefined) return searchRefusal('search/bad-value', name);
    asked = both(asked, read);
  }
  return done(asked);
}

type Reader = (value: string, zone: string) => Partial<AskedEvents> | undefined;

const READERS: Readonly<Record<string, Reader>> = {
  patient: readPatient,
  entity: (value) => {
    const reference = readReference(value);
    if (reference === undefined || reference.type === '') return undefined;
    return reference.type === 'Patient' ? readPatient(value) : { resource: `${reference.type}/${reference.id}` };
  },
  action: (value) => {
    const { code } = readToken(value);
    return /^[CRUDE]$/.test(code) ? { actions: actionsOf(code) } : undefined;
  },
  outcome: (value) => {
    const { code } = readToken(value);
    // Of the four that R4 has, two are ever written here.
    if (code === '0') return { outcome: 'success' };
    if (code === '4') return { outcome: 'denied' };
    return code === '8' || code === '12' ? { actions: [] } : undefined;
  },
  date: readBounds,
  _lastUpdated: readBounds,
  _count: (value) => (/^[1-9]\d{0,5}$/.test(value) ? { count: Math.min(Number(value), COUNT_MAX) } : undefined),
};

/** Two of one kind hold both: the later start, the earlier end, the acts in both. */
function both(known: AskedEvents, { from, before, actions, ...rest }: Partial<AskedEvents>): AskedEvents {
  const later = [known.from, from]
    .filter((one) => one !== undefined)
    .toSorted()
    .at(-1);
  const earlier = [known.before, before].filter((one) => one !== undefined).toSorted()[0];
  const inBoth = known.actions === undefined ? actions : known.actions.filter((one) => actions?.includes(one) ?? true);
  return {
    ...known,
    ...rest,
    ...(later === undefined ? {} : { from: later }),
    ...(earlier === undefined ? {} : { before: earlier }),
    ...(inBoth === undefined ? {} : { actions: inBoth }),
  };
}

function readPatient(value: string): Partial<AskedEvents> | undefined {
  const patient = readReference(value);
  return patient === undefined || (patient.type !== '' && patient.type !== 'Patient')
    ? undefined
    : { patient: patient.id };
}

function readBounds(value: string, zone: string): Partial<AskedEvents> | undefined {
  const date = readDate(value, zone);
  return date === undefined ? undefined : boundsOf(date);
}

function boundsOf({ prefix, start, end }: DateValue): Partial<AskedEvents> | undefined {
  const behind = new Date(Date.parse(end) + 1).toISOString() as Instant;
  switch (prefix) {
    case 'eq':
      return { from: start as Instant, before: behind };
    case 'ge':
      return { from: start as Instant };
    case 'gt':
    case 'sa':
      return { from: behind };
    case 'le':
      return { before: behind };
    case 'lt':
    case 'eb':
      return { before: start as Instant };
    case 'ne':
    case 'ap':
      return undefined;
  }
}
