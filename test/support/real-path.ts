/** The real path from a file's bytes to bundles, with what the proofs ask of it: where each resource came from. */
import { utf8 } from '../../src/base/bytes.ts';
import { createMac } from '../../src/base/digest.ts';
import { printResource } from '../../src/base/json.ts';
import type { Problem } from '../../src/base/problem.ts';
import { readMessage } from '../../src/formats/hl7v2/read.ts';
import { splitMessages } from '../../src/formats/hl7v2/split.ts';
import { createIdKeys, createMessageIds } from '../../src/gateway/id-source.ts';
import { toBundle } from '../../src/mapping/bundle.ts';
import { mapHl7v2 } from '../../src/mapping/map-hl7v2.ts';
import { DEFAULT_PROFILE, type FacilityId } from '../../src/terms/facility.ts';
import type { Mapped } from '../../src/terms/mapped.ts';
import type { Hl7Message } from '../../src/terms/parsed/hl7v2.ts';
import { parseExact } from './exact-json.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface RealFile {
  /** Of the file as a whole: batch counts, stray data. */
  readonly problems: readonly Problem[];
  readonly messages: readonly RealMessage[];
}

export interface RealMessage {
  /** Of reading and of mapping. */
  readonly problems: readonly Problem[];
  /** Both are undefined when a problem was fatal. */
  readonly message: Hl7Message | undefined;
  readonly mapped: Mapped | undefined;
  /** The bundle as it is printed; '' without one. */
  readonly text: string;
}

const mac = createMac(utf8('a key of the tests'));
const KEYS = createIdKeys(mac, mac);
const FACILITY = 'sample' as FacilityId;

export function mapFile(bytes: Uint8Array): RealFile {
  const split = splitMessages(bytes);
  return { problems: split.problems, messages: split.messages.map((message) => mapMessage(message.bytes)) };
}

export function mapMessage(bytes: Uint8Array): RealMessage {
  const read = readMessage(bytes);
  if (read.value === undefined) return { problems: read.problems, message: undefined, mapped: undefined, text: '' };
  const { message } = read.value;
  const mapped = mapParsed(message);
  return { problems: [...read.problems, ...mapped.problems], message, mapped, text: printResource(toBundle(mapped)) };
}

export function mapParsed(message: Hl7Message): Mapped {
  const ids = createMessageIds(KEYS, { facility: FACILITY, production: true, known: new Map() });
  return mapHl7v2(message, { facility: FACILITY, zone: 'Asia/Shanghai', profile: DEFAULT_PROFILE, ids });
}

/** What stands in the printed bundle for one OBX. */
export interface Arrived {
  /** `OBX[2]`. */
  readonly at: string;
  /** The Observation as printed, its numbers as text. */
  readonly observation: Json;
  /** presentedForm of the report that it is in. */
  readonly attachments: readonly Json[];
}

/** Every Observation that the mapping says comes from an OBX, looked up in the printed bundle by its id. */
export function arrivedResults(real: RealMessage): Arrived[] {
  if (real.mapped === undefined) return [];
  const printed = resourcesOf(parseExact(real.text) as Json);
  const reports = real.mapped.patients.flatMap((patient) => patient.reports);
  return reports.flatMap((report) => {
    const attachments = listOf(printed.get(`DiagnosticReport/${report.id}`)?.['presentedForm']);
    return report.elements
      .filter((element) => element.resource.resourceType === 'Observation' && /^OBX\[\d+\]/.test(element.at))
      .map((element) => {
        const at = /^OBX\[\d+\]/.exec(element.at)?.[0] as string;
        const observation = printed.get(`Observation/${element.resource.id}`);
        if (observation === undefined) throw new Error(`${at}: its Observation is not in the printed bundle`);
        return { at, observation, attachments };
      });
  });
}

function resourcesOf(bundle: Json): Map<string, Json> {
  const resources = listOf(bundle['entry']).map((entry) => entry['resource'] as Json);
  return new Map(resources.map((one) => [`${String(one['resourceType'])}/${String(one['id'])}`, one]));
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}
