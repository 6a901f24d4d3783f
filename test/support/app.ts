/** The web application over a test's gateway, with an administrator's token; a fault fails the test. */
import { hashSecret } from '../../src/access/client-secret.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { type AppParts, createApp } from '../../src/web/app.ts';

export const ADMIN = 'an-administrator-token-of-forty-characters';

export type App = ReturnType<typeof createApp>;

export function openApp(gateway: Gateway, parts: Partial<Omit<AppParts, 'gateway' | 'adminTokenHash'>> = {}): App {
  return createApp({
    gateway,
    adminTokenHash: hashSecret(ADMIN),
    demo: false,
    channelsChanged: async () => undefined,
    peerOf: () => '127.0.0.1',
    onFault: ({ code, route, error }) => {
      throw new Error(`${code} ${route}`, { cause: error });
    },
    ...parts,
  });
}
