/** What every FHIR route passes: content negotiation, the token, the circumstances; refusals as OperationOutcome. */
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { FhirCaller } from '../../terms/fhir-caller.ts';
import type { Authenticator } from '../authenticate.ts';
import type { PublicBase } from '../public-base.ts';
import { circumstancesOf } from './circumstances.ts';
import { acceptsJson } from './negotiate.ts';

export interface FhirDoor {
  readonly gateway: Gateway;
  readonly authenticator: Authenticator;
  readonly publicBase: PublicBase;
}

/** The FHIR base of a request: `https://gateway.example/fhir`. */
export function fhirBase(door: FhirDoor, request: Request): string {
  return `${door.publicBase(request)}/fhir`;
}

export async function enter(door: FhirDoor, request: Request): Promise<Outcome<FhirCaller>> {
  const accepted = acceptsJson(request);
  if (!accepted.ok) return accepted;
  const caller = await door.authenticator.fhir(request);
  if (!caller.ok) return caller;
  const circumstances = circumstancesOf(request);
  if (!circumstances.ok) return refuse(circumstances.refusal);
  return done({ ...caller.value, circumstances: circumstances.value });
}
