/**
 * Why a request asks: `Concord-Encounter` (the caller's visit number: the treating relationship), `Concord-Purpose`
 * (v3-PurposeOfUse; TREAT unless told, BTG breaks the glass) and `Concord-Reason`. Values may be percent-encoded UTF-8.
 */
import { LIMITS } from '../../base/limits.ts';
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import type { Circumstances } from '../../terms/fhir-caller.ts';
import { webRefusal } from '../problems.ts';

const LENGTH_MAX = 500;
/** v3-PurposeOfUse codes that a hospital may ask for. */
const PURPOSES: ReadonlySet<string> = new Set([
  'TREAT',
  'ETREAT',
  'CLINTRCH',
  'COC',
  'BTG',
  'HOPERAT',
  'HPAYMT',
  'PATRQT',
  'PUBHLTH',
]);

export function circumstancesOf(request: Request): Outcome<Circumstances> {
  const encounter = read(request, 'concord-encounter');
  const purpose = read(request, 'concord-purpose') ?? 'TREAT';
  const reason = read(request, 'concord-reason');
  const isUnsaid = purpose === 'BTG' && (typeof reason !== 'string' || reason.length < LIMITS.glassReasonMin);
  if (isUnsaid || encounter === false || reason === false || purpose === false || !PURPOSES.has(purpose)) {
    return refuse(webRefusal('incorrect', 'web/circumstances', 'Concord-Encounter, Concord-Purpose, Concord-Reason'));
  }
  return done({
    purpose,
    ...(encounter === undefined ? {} : { encounter }),
    ...(reason === undefined ? {} : { reason }),
  });
}

/** Undefined: not there. False: not one that is taken. */
function read(request: Request, name: string): string | false | undefined {
  const text = request.headers.get(name)?.trim();
  if (text === undefined || text === '') return undefined;
  if (text.length > LENGTH_MAX) return false;
  try {
    const plain = decodeURIComponent(text).trim();
    return plain !== '' && plain.isWellFormed() && !plain.includes('\u0000') ? plain : false;
  } catch {
    return false;
  }
}
