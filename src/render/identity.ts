/** Who and what a page is of: the file's words, or the caller's instead; nothing that tells who, when that is hidden. */
import type { Ecg, EcgPatient } from '../terms/parsed/ecg.ts';
import type { Messages } from './messages.ts';
import type { HeaderWords } from './page-request.ts';
import { plainText } from './plain-text.ts';

export interface Identity {
  readonly hidden: boolean;
  readonly facility?: string;
  readonly name?: string;
  readonly ids: readonly string[];
  readonly sex?: NonNullable<EcgPatient['sex']>;
  readonly birthDate?: string;
  readonly age?: string;
  readonly recordedAt?: string;
  readonly device?: string;
  readonly order?: string;
  readonly department?: string;
  readonly bed?: string;
  readonly reason?: string;
  readonly technician?: string;
  readonly confirmer?: string;
  /** A text of the file as the page may show it; undefined when it shows nothing. */
  readonly show: (text: string | undefined) => string | undefined;
}

/** Numbers of a patient that have room. */
const IDS_MAX = 4;

interface IdentityOptions {
  readonly messages: Messages;
  readonly header?: HeaderWords | undefined;
  readonly hideIdentity?: boolean | undefined;
}

export function identityOf(ecg: Ecg, { messages, header = {}, hideIdentity = false }: IdentityOptions): Identity {
  const { patient, acquisition } = ecg;
  const ids = patient.identifiers.filter(({ kind }) => kind === undefined).map(({ value }) => value);
  const names = [nameOf(patient), patient.name, patient.family, patient.given, header.name];
  const numbers = patient.identifiers.map(({ value }) => value);
  const staff = [acquisition.confirmer, acquisition.technician, acquisition.referrer];
  const telling = [...names, ...numbers, header.id, acquisition.order, acquisition.visit, header.order, ...staff];
  const show = hideIdentity ? strikeOut(telling) : (text: string | undefined) => plainText(text);
  const secret = (text: string | undefined) => (hideIdentity ? undefined : plainText(text));
  return compact({
    hidden: hideIdentity,
    facility: show(header.facility ?? acquisition.facility),
    name: secret(header.name ?? nameOf(patient)),
    ids: (header.id === undefined ? ids.slice(0, IDS_MAX) : [header.id]).map(secret).filter((id) => id !== undefined),
    sex: header.sex ?? patient.sex,
    birthDate: secret(header.birthDate ?? patient.birthDate),
    age: show(header.age ?? ageText(patient, messages)),
    recordedAt: show(header.recordedAt ?? timeText(acquisition.start)),
    device: show(header.device ?? deviceText(ecg)),
    order: secret(header.order ?? acquisition.order),
    department: show(header.department ?? acquisition.department),
    bed: secret([acquisition.room, acquisition.bed].filter((part) => part !== undefined).join(' ')),
    reason: show(acquisition.reason),
    technician: secret(acquisition.technician),
    confirmer: secret(acquisition.confirmer),
    show,
  });
}

/** `2026-11-03 08:15:30 +08:00` of the file's form of an instant. */
export function timeText(time: string | undefined): string | undefined {
  return time?.replace('T', ' ').replace(/(?<=:\d\d(?:\.\d+)?)(?=[+-]\d\d:\d\d$)/, ' ');
}

/** Chinese names stand without a blank between family and given name. */
function nameOf({ name, family, given }: EcgPatient): string | undefined {
  const parts = [family, given].filter((part) => part !== undefined && part !== '');
  const joined = parts.join(parts.every((part) => /^\p{Script=Han}+$/u.test(part ?? '')) ? '' : ' ');
  return name ?? (joined === '' ? undefined : joined);
}

function ageText({ age }: EcgPatient, messages: Messages): string | undefined {
  return age === undefined ? undefined : `${age.value} ${messages.age[age.unit]}`;
}

function deviceText({ device }: Ecg): string | undefined {
  const parts = [device.maker, device.model, device.software].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? undefined : parts.join(' ');
}

/** Words that are struck out at most; a patient has few names and numbers. */
const WORDS_MAX = 50;

/** A text without the words that tell who it is of. Single letters are left: they would strike out everything. */
function strikeOut(words: readonly (string | undefined)[]): Identity['show'] {
  const telling = words
    .slice(0, WORDS_MAX)
    .map((word) => plainText(word)?.toLowerCase() ?? '')
    .flatMap((word) => [word, ...word.split(/[\s^,]+/)])
    .filter((word) => Array.from(word).length > 1)
    .toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(
    telling.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|') || '(?!)',
    'gi',
  );
  return (text) => plainText(text)?.replace(pattern, '***');
}

function compact(identity: { readonly [K in keyof Identity]: Identity[K] | undefined }): Identity {
  return Object.fromEntries(Object.entries(identity).filter(([, value]) => value !== undefined)) as unknown as Identity;
}
