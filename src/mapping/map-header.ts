/** MSH (and SFT) → MessageHeader, the message's number and time, and whether it is production data. */
import type { Device, Identifier, MessageHeader } from 'fhir/r4';
import type { Instant } from '../terms/instant.ts';
import type { MappedHeader } from '../terms/mapped.ts';
import { absent, absentExtension } from './absent.ts';
import { mshToMessageHeader } from './generated/msh-message-header.ts';
import { sftToDevice } from './generated/sft-device.ts';
import type { Reading } from './reading.ts';
import type { Run } from './run.ts';
import { V2 } from './systems.ts';
import { dateTimeOf } from './values/date-time.ts';

/** Goes on growing while the message is mapped: `focus` is set at its end. */
export interface HeaderDraft {
  readonly message: MessageHeader;
  readonly sentAt: Instant | undefined;
  readonly production: boolean;
  readonly identifier: Identifier | undefined;
}

export function mapHeader(msh: Reading, readings: readonly Reading[], run: Run): HeaderDraft {
  const message = { resourceType: 'MessageHeader' } as MessageHeader;
  mshToMessageHeader(message, msh, {}, run);
  message.source ??= {} as MessageHeader['source'];
  if (message.source.endpoint === undefined) message.source._endpoint = { extension: absentExtension() };
  for (const destination of message.destination ?? []) {
    if (destination.endpoint === undefined) destination._endpoint = { extension: absentExtension() };
  }
  const type = msh.peek(9, 1, 0, 1);
  if (message.eventCoding === undefined) {
    message.eventCoding = type === undefined ? absent() : { system: `${V2}0076`, code: type };
  }
  for (const reading of readings) {
    if (reading.name !== 'SFT') continue;
    const software: Device = { resourceType: 'Device' };
    sftToDevice(software, reading, {}, run);
    run.share(software);
  }
  const controlId = msh.peek(10, 1, 0, 1);
  const processing = msh.peek(11, 1, 0, 1);
  return {
    message,
    sentAt: sentAt(msh, run),
    production: processing === undefined || processing === 'P',
    identifier: controlId === undefined ? undefined : { system: run.identifierSystemNamed('MSH-10'), value: controlId },
  };
}

/** MSH-7; the first instant that it can mean. */
function sentAt(msh: Reading, run: Run): Instant | undefined {
  const text = msh.peek(7, 1, 0, 1);
  if (text === undefined) return undefined;
  const read = dateTimeOf(text, run.zone);
  if (read === undefined) run.problem('mapping/date-impossible', 'warning', msh.at(7));
  else if (read.zoneAssumed) run.noteAssumedZone(() => msh.at(7));
  return read?.start;
}

export function headerOf(draft: HeaderDraft, run: Run): MappedHeader {
  return {
    message: draft.message,
    shared: run.takeShared(),
    ...(draft.sentAt === undefined ? {} : { sentAt: draft.sentAt }),
    ...(draft.identifier === undefined ? {} : { identifier: draft.identifier }),
    production: draft.production,
  };
}
