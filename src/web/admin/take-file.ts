/** `POST /admin/ingest`: a file goes down the path as coming from a facility: HL7 v2 messages, or an ECG. */
import { LIMITS } from '../../base/limits.ts';
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import { looksLikeEcg } from '../../formats/ecg/read-any.ts';
import { splitMessages } from '../../formats/hl7v2/split.ts';
import { refusalOf } from '../../gateway/answer.ts';
import { addChannel } from '../../gateway/channels.ts';
import { OUTCOME_CODES, receiveEcg } from '../../gateway/ecg/receive-ecg.ts';
import { finishEnvelope } from '../../gateway/finish-envelope.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { ReceiveInput } from '../../gateway/hl7v2-arrival.ts';
import { receiveHl7v2 } from '../../gateway/receive-hl7v2.ts';
import type { Channel, ChannelId } from '../../terms/channel.ts';
import type { FacilityId } from '../../terms/facility.ts';
import { problemResponse } from '../http-problem.ts';
import { webRefusal } from '../problems.ts';
import { configured } from './audited.ts';

type Door = Omit<ReceiveInput, 'bytes'>;

/** The folder channel that is named, else that of the facility, which the first file makes. */
export async function ingestDoor(
  gateway: Gateway,
  named: { readonly channel: string | undefined; readonly facility: string | undefined },
): Promise<Outcome<Door>> {
  const { channels, facilities } = await gateway.reference.current();
  const stated = named.channel === undefined ? undefined : channels.get(named.channel as ChannelId);
  if (named.channel !== undefined && stated === undefined)
    return refuse(refusalOf('not-found', 'gateway/unknown-channel', 'channel'));
  if (stated !== undefined && stated.kind !== 'folder')
    return refuse(refusalOf('conflict', 'gateway/channel-kind', 'channel'));
  if (stated !== undefined && stated.revokedAt !== null)
    return refuse(refusalOf('conflict', 'gateway/channel-revoked', 'channel'));
  const facility = facilities.get(stated?.facility ?? ((named.facility ?? '') as FacilityId));
  if (facility === undefined) return refuse(refusalOf('not-found', 'gateway/unknown-facility', 'facility'));
  if (stated !== undefined) return done({ channel: stated, facility });
  const channel = await folderChannel(gateway, facility.id);
  return channel.ok ? done({ channel: channel.value, facility }) : channel;
}

/** Files arrive over a folder channel of their facility; the first one makes it. */
async function folderChannel(gateway: Gateway, facility: FacilityId): Promise<Outcome<Channel>> {
  const { channels } = await gateway.reference.current();
  const known = [...channels.values()].filter((channel) => channel.kind === 'folder' && channel.facility === facility);
  const open = known.find(({ revokedAt }) => revokedAt === null);
  if (open !== undefined) return done(open);
  // Whoever revoked it wants no files of that facility.
  if (known.length > 0) return refuse(refusalOf('conflict', 'gateway/channel-revoked', 'facility'));
  const channel: Channel = { id: `${facility}-folder` as ChannelId, facility, kind: 'folder', test: false };
  const added = await addChannel(gateway, channel);
  if (added.ok) await configured(gateway, `channel add ${channel.id}`);
  return added.ok ? done(channel) : added;
}

/** What came of a file: counts, and how often each acknowledgement was given (an ECG's outcome stands for one). */
export async function takeFile(gateway: Gateway, bytes: Uint8Array, door: Door): Promise<Response> {
  if (looksLikeEcg(bytes)) return Response.json(await takeEcg(gateway, bytes, door));
  const split = splitMessages(bytes);
  if (split.messages.length > LIMITS.messagesPerFrameMax)
    return problemResponse(webRefusal('incorrect', 'web/too-many-messages', 'body'));
  return Response.json(await takeMessages(gateway, split, door));
}

async function takeEcg(gateway: Gateway, bytes: Uint8Array, door: Door) {
  const { outcome, resend, resultsIn, resultsStored, problems } = await receiveEcg(gateway, { bytes, ...door });
  const answers = { [OUTCOME_CODES[outcome]]: 1 };
  return { messages: 1, resends: resend ? 1 : 0, resultsIn, resultsStored, problems: problems.length, answers };
}

async function takeMessages(gateway: Gateway, { messages, problems }: ReturnType<typeof splitMessages>, door: Door) {
  const sum = {
    messages: 0,
    resends: 0,
    resultsIn: 0,
    resultsStored: 0,
    problems: problems.length,
    answers: {} as Record<string, number>,
  };
  for (const message of messages) {
    const received = await receiveHl7v2(gateway, { bytes: message.bytes, ...door });
    sum.messages++;
    if (received.resend) sum.resends++;
    // What is mapped later (MSH-15) is mapped now: a file has nobody who waits for an early answer.
    const later = received.code === 'CA' && !received.resend;
    const mapped = later
      ? await finishEnvelope(gateway, received.envelope, await gateway.reference.current())
      : received;
    sum.resultsIn += mapped?.resultsIn ?? 0;
    sum.resultsStored += mapped?.resultsStored ?? 0;
    sum.problems += mapped?.problems.length ?? 0;
    sum.answers[received.code] = (sum.answers[received.code] ?? 0) + 1;
  }
  return sum;
}
