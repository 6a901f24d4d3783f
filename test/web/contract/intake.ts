/** `POST /intake` on any runtime: what is taken, how often, in which character set, and what is not. */
import type { Bundle, Patient } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { encode } from '../../../src/formats/hl7v2/encode.ts';
import { oru } from '../../support/messages.ts';
import { expectAcknowledged, type Held, hoursAgo, NATIONAL, person, refusalOf } from './subject.ts';

const TYPE = 'application/hl7-v2';

export function intakeContract(held: Held): void {
  describe('intake', () => {
    const times = { collected: hoursAgo(30), reported: hoursAgo(28) };

    test('takes a message, and answers a resend with the same bytes', async () => {
      const text = oru({ controlId: 'I1', patient: person(501), ...times });
      const first = await expectAcknowledged(await held().post('county', '/intake', text, TYPE), 'I1');
      expect(await (await held().post('county', '/intake', text, TYPE)).text()).toBe(first);
    });

    test('reads GB18030, four-byte characters too', async () => {
      const who = { ...person(503), name: '㐀试验' };
      const text = oru({ controlId: 'I2', patient: who, ...times }).replace('UNICODE UTF-8', 'GB 18030-2000');
      await expectAcknowledged(await held().post('county', '/intake', encode(text, 'gb18030').value, TYPE), 'I2');
      const found = await held().answer<Bundle<Patient>>(
        held().ask('county', `/fhir/Patient?identifier=${NATIONAL}|${who.national}`),
      );
      expect(JSON.stringify(found.entry?.[0]?.resource?.name)).toContain('㐀试验');
    });

    test('takes a batch, and acknowledges each message in its order', async () => {
      const batch = [505, 507].map((n) => oru({ controlId: `B${n}`, patient: person(n), ...times })).join('');
      const text = await (await held().post('county', '/intake', batch, TYPE)).text();
      expect([...text.matchAll(/MSA\|(\w+\|\w+)/g)].map((found) => found[1])).toEqual(['AA|B505', 'AA|B507']);
    });

    test('tries a message and stores nothing', async () => {
      const tried = await held().answer<{ in: { OBX: number } }>(
        held().post('county', '/intake?dry-run=1', oru({ controlId: 'I3', patient: person(509), ...times }), TYPE),
      );
      expect(tried.in.OBX).toBe(5);
      const found = await held().answer<Bundle>(
        held().ask('county', `/fhir/Patient?identifier=${NATIONAL}|${person(509).national}`),
      );
      expect(found.entry ?? []).toEqual([]);
    });

    test('takes a message of thousands of results', async () => {
      const results = Array.from({ length: 2_000 }, (_, n) => `NM|X${n}^项目${n}^L||${n}.5|g/L|1-9||||F`);
      const text = oru({ controlId: 'I4', patient: person(511), results, ...times });
      await expectAcknowledged(await held().post('county', '/intake', text, TYPE), 'I4');
    });

    test('refuses nobody, what is no HL7, and what is over 10 MB', async () => {
      expect(await refusalOf(await held().post('nobody', '/intake', oru({ controlId: 'I5' }), TYPE))).toEqual([
        401,
        'access/no-token',
      ]);
      expect(await refusalOf(await held().post('county', '/intake', 'hello', TYPE))).toEqual([400, 'web/not-hl7']);
      // Without a stated length, so that it is read up to the limit.
      const body = new Blob([new Uint8Array(10 * 1024 * 1024 + 1).fill(65)]).stream();
      const large = { method: 'POST', body, duplex: 'half' } as RequestInit;
      expect(await refusalOf(await held().ask('county', '/intake', large))).toEqual([413, 'web/body-too-large']);
    });
  });
}
