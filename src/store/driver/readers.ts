/** Reads outside transactions: a small pool of connections, exchanged as a whole when it hangs. */
import { type ClientSettings, openClient, type Param } from './client.ts';
import { toFault } from './fault.ts';
import type { Watched } from './watch.ts';

export interface Readers extends Watched {
  run<R>(text: string, params?: readonly Param[]): Promise<readonly R[]>;
  close(): Promise<void>;
}

export function openReaders(settings: ClientSettings, connections: number): Readers {
  const open = () => openClient(settings, connections, () => undefined);
  let client = open();
  let second = 0;
  /** The second in which each read that is under way began, the oldest first. */
  const underWay = new Set<{ readonly since: number }>();

  return {
    async run<R>(text: string, params: readonly Param[] = []) {
      const read = { since: second };
      underWay.add(read);
      try {
        return (await client.unsafe(
          text,
          params as never[],
          {
            prepare: settings.prepare,
            simple: false,
          } as never,
        )) as unknown as readonly R[];
      } catch (error) {
        throw toFault(error);
      } finally {
        underWay.delete(read);
      }
    },
    quietSeconds() {
      second++;
      const [oldest] = underWay;
      return oldest === undefined ? 0 : second - oldest.since;
    },
    abandon() {
      if (underWay.size === 0) return;
      const hanging = client;
      client = open();
      void hanging.end({ timeout: 0 }).catch(() => undefined);
    },
    close: () => client.end({ timeout: 2 }),
  };
}
