/**
 * MLLP listeners, one per configured port; the channel is told by (port, source address) and by nothing
 * in the message (SETTLED 26). Reconciled with the channels after every change.
 */
import { concatBytes } from '../../base/bytes.ts';
import { LIMITS } from '../../base/limits.ts';
import { acknowledge } from '../../formats/hl7v2/ack.ts';
import { splitMessages } from '../../formats/hl7v2/split.ts';
import { auditAct } from '../../gateway/audit-act.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { channelAt } from '../../gateway/mllp-door.ts';
import { receiveHl7v2 } from '../../gateway/receive-hl7v2.ts';
import { sentenceOf } from '../../gateway/sentences.ts';
import { StoreUnavailable } from '../../ports/store.ts';
import type { StoredChannel } from '../../ports/store-reference.ts';
import type { Facility } from '../../terms/facility.ts';
import type { Log } from '../create-log.ts';
import { type MllpServer, startMllpServer } from './mllp-server.ts';

export interface MllpDoors {
  /** Opens listeners for channels that have none and closes those whose channels are gone. */
  reconcile(): Promise<void>;
  /** The ports that listen now. */
  ports(): readonly number[];
  close(): Promise<void>;
}

export function createMllpDoors(
  gateway: Gateway,
  options: { readonly host: string; readonly defaultPort: number; readonly log: Log },
): MllpDoors {
  const { log } = options;
  const denials = createDenials(gateway, log);
  const open = new Map<number, MllpServer>();
  let last: Promise<void> = Promise.resolve();

  const portOf = (channel: StoredChannel): number => channel.port ?? options.defaultPort;

  const round = async (): Promise<void> => {
    const { channels } = await gateway.reference.current();
    const wanted = new Set(
      [...channels.values()].filter((channel) => channel.kind === 'mllp' && channel.revokedAt === null).map(portOf),
    );
    for (const [port, server] of open) {
      if (wanted.has(port)) continue;
      open.delete(port);
      await server.close();
    }
    for (const port of wanted) if (!open.has(port)) await listen(port);
  };

  const listen = async (port: number): Promise<void> => {
    try {
      const server = await startMllpServer({
        host: options.host,
        port,
        bytesMax: LIMITS.messageBytesMax,
        idleSeconds: LIMITS.mllpIdleSeconds,
        connectionsMax: LIMITS.mllpConnectionsMax,
        handle: (bytes, peer) => handle(bytes, { port, from: peer.remoteAddress }),
        onProblem: (code) => log.warning(code, { port }),
      });
      open.set(port, server);
    } catch (error) {
      log.fault('mllp/cannot-listen', { port }, error);
    }
  };

  const handle = async (bytes: Uint8Array, peer: { port: number; from: string }): Promise<Uint8Array | undefined> => {
    const { channels, facilities } = await gateway.reference.current();
    const channel = channelAt(channels.values(), peer, options.defaultPort);
    const facility = channel === undefined ? undefined : facilities.get(channel.facility);
    if (channel === undefined || facility === undefined) {
      await denials.note(peer.port);
      // Whoever speaks here is not heard: the connection is closed, not kept waiting for an answer.
      throw new NoChannel();
    }
    // A frame holds one message by rule; a batch in a frame is answered by as many acknowledgements.
    const { messages } = splitMessages(bytes);
    if (messages.length > LIMITS.messagesPerFrameMax) return tooMany(gateway, messages[0]?.bytes ?? bytes);
    const acks: Uint8Array[] = [];
    for (const message of messages.length === 0 ? [bytes] : messages.map((one) => one.bytes)) {
      acks.push(...(await receive(message, { channel, facility, port: peer.port })));
    }
    return acks.length === 0 ? undefined : concatBytes(...acks);
  };

  /** No acknowledgement before it is safe: a fault closes the connection, and the sender sends again. */
  const receive = async (
    bytes: Uint8Array,
    door: { readonly channel: StoredChannel; readonly facility: Facility; readonly port: number },
  ): Promise<readonly Uint8Array[]> => {
    try {
      const received = await receiveHl7v2(gateway, { bytes, channel: door.channel, facility: door.facility });
      if (received.fault !== undefined) log.fault('mllp/not-mappable', { port: door.port }, received.fault);
      return received.wanted ? [received.ack] : [];
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) log.fault('mllp/fault', { port: door.port }, error);
      throw error;
    }
  };

  const queue = (work: () => Promise<void>): Promise<void> => (last = last.then(work, work));
  return {
    reconcile: () => queue(round),
    ports: () => [...open.keys()],
    close: () =>
      queue(async () => {
        await Promise.all([...open.values()].map((server) => server.close()));
        open.clear();
      }),
  };
}

/** No single channel fits the door that was spoken to. */
class NoChannel extends Error {
  override readonly name = 'NoChannel';
}

const DENIAL_SECONDS = 60;

/** What nobody may say is audited, at most once a minute and port: a stranger does not fill the disk. */
function createDenials(gateway: Gateway, log: Log): { note(port: number): Promise<void> } {
  const notedAt = new Map<number, number>();
  return {
    async note(port) {
      const code = 'gateway/no-channel';
      const at = gateway.clock.now();
      const last = notedAt.get(port);
      if (last !== undefined && Date.parse(at) - last < DENIAL_SECONDS * 1000) return;
      notedAt.set(port, Date.parse(at));
      log.warning(code, { port });
      await auditAct(gateway, { action: 'denied', outcome: 'denied', detail: `${code} ${port}` });
    },
  };
}

/** AR to the whole frame: none of it was taken. */
function tooMany(gateway: Gateway, first: Uint8Array): Uint8Array {
  return acknowledge({
    bytes: first,
    code: 'AR',
    problems: [{ code: 'gateway/too-many-messages', severity: 'fatal', at: 'MSH' }],
    controlId: gateway.random.uuid().replaceAll('-', '').slice(0, 20),
    at: gateway.clock.now(),
    sentence: sentenceOf,
  });
}
