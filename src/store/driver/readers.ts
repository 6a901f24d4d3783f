/** Reads outside transactions: a small pool of connections, exchanged as a whole when it hangs. */
import { type ClientSettings, openClient, type Param } from './client.ts';
import { toFault, unavailable } from './fault.ts';
import type { Watched } from './watch.ts';

export interface Readers extends Watched {
  run<R>(text: string, params?: readonly Param[]): Promise<readonly R[]>;
  close(): Promise<void>;
}

export function openReaders(settings: ClientSettings, connections: number): Readers {
  const open = () => openClient(settings, connections, () => undefined);
  let client = open();
  let second = 0;
  /** The second in which each read that is under way began, the oldest first, and how it is told that it ends here. */
  const underWay = new Set<{ readonly since: number; readonly reject: (reason: Error) => void }>();

  return {
    run<R>(text: string, params: readonly Param[] = []) {
      return new Promise<readonly R[]>((resolve, reject) => {
        const read = { since: second, reject };
        underWay.add(read);
        client.unsafe(text, params as never[], { prepare: settings.prepare, simple: false } as never).then(
          (rows) => {
            underWay.delete(read);
            resolve(rows as unknown as readonly R[]);
          },
          (error: unknown) => {
            underWay.delete(read);
            reject(toFault(error));
          },
        );
      });
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
      // The pool itself would let those wait that it has not sent yet.
      for (const { reject } of underWay) reject(unavailable('CONNECTION_DESTROYED'));
      underWay.clear();
      void hanging.end({ timeout: 0 }).catch(() => undefined);
    },
    close: () => client.end({ timeout: 2 }),
  };
}
