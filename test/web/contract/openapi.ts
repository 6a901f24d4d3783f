/** The description of the HTTP face on any runtime: the same document, with the gateway's own address, and its page. */
import { describe, expect, test } from 'vitest';
import { openapiDocument } from '../../../src/web/openapi/document.ts';
import type { Held } from './subject.ts';

export function openapiContract(held: Held): void {
  describe('the description of the face', () => {
    test('is given to anybody, whole, with the address that it is asked at', async () => {
      const { servers, ...rest } = await held().answer<{ servers: readonly { url: string }[] }>(
        held().ask('nobody', '/openapi.json'),
      );
      expect(rest).toEqual(JSON.parse(JSON.stringify(openapiDocument())));
      expect(servers[0]?.url).toMatch(/^http:\/\/(?:127\.0\.0\.1|localhost):\d+$/);
    });

    test('is a page too', async () => {
      const response = await held().ask('nobody', '/openapi');
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
      expect(await response.text()).toContain('<code>/recognition/check</code>');
    });
  });
}
