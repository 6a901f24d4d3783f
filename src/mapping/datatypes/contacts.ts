/** PID-13, PID-14 and their like: the field itself says home or work where XTN.2 does not. */
import type { ContactPoint } from 'fhir/r4';
import { xtnToContactPoint } from '../generated/datatypes.ts';
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';

export function xtnToHomeContact(s: Reading, f: number, r: number, c: number, run: Run): ContactPoint | undefined {
  return withUse(xtnToContactPoint(s, f, r, c, run), 'home');
}

export function xtnToWorkContact(s: Reading, f: number, r: number, c: number, run: Run): ContactPoint | undefined {
  return withUse(xtnToContactPoint(s, f, r, c, run), 'work');
}

function withUse(contact: ContactPoint | undefined, use: 'home' | 'work'): ContactPoint | undefined {
  if (contact !== undefined) contact.use ??= use;
  return contact;
}
