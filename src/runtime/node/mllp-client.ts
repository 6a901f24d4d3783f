/** An MLLP sender: one connection, messages answered in order. For the demo, the simulation and the tests. */
import { connect as connectPlain, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { createFramer, frame } from '../../formats/hl7v2/mllp.ts';

export interface MllpClientOptions {
  readonly host: string;
  readonly port: number;
  /** Of an answer; 1 MB unless told. */
  readonly bytesMax?: number;
  /** How long an answer is waited for; 30 unless told. */
  readonly answerSeconds?: number;
  readonly tls?: ConnectionOptions;
}

export interface MllpClient {
  /** Resolves with the answer's bytes. Rejects with MllpClosed when the connection ends before it. */
  send(bytes: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** The connection ended, or no answer came in time: whether the message was taken is not known. */
export class MllpClosed extends Error {
  override readonly name = 'MllpClosed';
}

export async function openMllp(options: MllpClientOptions): Promise<MllpClient> {
  const socket = await connected(options);
  const framer = createFramer({ bytesMax: options.bytesMax ?? ANSWER_BYTES_MAX });
  const waiting: Waiting[] = [];
  const fail = (): void => {
    for (const one of waiting.splice(0)) one.fail(new MllpClosed('the connection ended before the answer'));
  };
  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    for (const event of framer.push(chunk)) if (event.kind === 'message') waiting.shift()?.answer(event.bytes);
  });
  socket.on('error', fail);
  socket.once('close', fail);
  return {
    send: (bytes) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed || !socket.writable) {
          reject(new MllpClosed('the connection is closed'));
          return;
        }
        const timer = setTimeout(() => socket.destroy(), (options.answerSeconds ?? ANSWER_SECONDS) * 1000);
        const settle = (end: () => void): void => {
          clearTimeout(timer);
          end();
        };
        waiting.push({
          answer: (answer) => settle(() => resolve(answer)),
          fail: (error) => settle(() => reject(error)),
        });
        socket.write(frame(bytes));
      }),
    close: () =>
      new Promise((resolve) => {
        if (socket.destroyed) resolve();
        else socket.once('close', () => resolve()).end();
      }),
  };
}

interface Waiting {
  answer(bytes: Uint8Array): void;
  fail(error: Error): void;
}

const ANSWER_BYTES_MAX = 1024 * 1024;
const ANSWER_SECONDS = 30;

function connected({ host, port, tls }: MllpClientOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = tls === undefined ? connectPlain({ host, port }) : connectTls({ ...tls, host, port });
    socket.once('error', reject);
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
