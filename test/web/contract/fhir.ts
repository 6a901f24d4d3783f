/** The FHIR door on any runtime: capability, read, versions, search page by page, operations, a transaction. */
import type { Bundle, CapabilityStatement, FhirResource, Observation, Patient } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { oru } from '../../support/messages.ts';
import { expectAcknowledged, type Held, hoursAgo, NATIONAL, person, refusalOf } from './subject.ts';

export function fhirContract(held: Held): void {
  describe('FHIR', () => {
    const who = person(801);
    const get = <T = FhirResource>(path: string): Promise<T> => held().answer<T>(held().ask('county', path));
    let patient = '';

    beforeAll(async () => {
      for (const n of [1, 2, 3]) {
        const times = { collected: hoursAgo(20 + n), reported: hoursAgo(18 + n) };
        const text = oru({ controlId: `F${n}`, filler: `F${n}`, patient: who, ...times });
        await expectAcknowledged(await held().post('county', '/intake', text, 'application/hl7-v2'), `F${n}`);
      }
      const found = await get<Bundle<Patient>>(`/fhir/Patient?identifier=${NATIONAL}|${who.national}`);
      patient = found.entry?.[0]?.resource?.id ?? '';
    });

    test('says to anybody what it can', async () => {
      const statement = await held().answer<CapabilityStatement>(held().ask('nobody', '/fhir/metadata'));
      expect(statement.fhirVersion).toBe('4.0.1');
    });

    test('reads a resource, its version, and says when nothing is new', async () => {
      const found = await get<Bundle<Observation>>(`/fhir/Observation?patient=${patient}&code=WBC&_sort=-date`);
      expect(found.total).toBe(3);
      const id = found.entry?.[0]?.resource?.id ?? '';
      const response = await held().ask('county', `/fhir/Observation/${id}`);
      expect([response.status, response.headers.get('etag')]).toEqual([200, 'W/"1"']);
      expect(await get(`/fhir/Observation/${id}/_history/1`)).toEqual(await response.json());
      const again = await held().ask('county', `/fhir/Observation/${id}`, { headers: { 'if-none-match': 'W/"1"' } });
      expect(again.status).toBe(304);
    });

    test('keeps decimals as they were written', async () => {
      const found = await held().ask('county', `/fhir/Observation?patient=${patient}&code=HCT`);
      expect(await found.text()).toContain('"value":42.0}');
    });

    test('pages through a search by its next links', async () => {
      const seen: string[] = [];
      let next: string | undefined = `/fhir/Observation?patient=${patient}&_count=4`;
      while (next !== undefined) {
        const page: Bundle = await get<Bundle>(next);
        seen.push(...(page.entry ?? []).map(({ resource }) => resource?.id ?? ''));
        next = page.link?.find(({ relation }) => relation === 'next')?.url;
      }
      expect([seen.length, new Set(seen).size]).toEqual([15, 15]);
    });

    test('finds by POST, gives the last of each, and everything', async () => {
      const form = await held().answer<Bundle>(
        held().post(
          'county',
          '/fhir/Observation/_search',
          `patient=${patient}&code=WBC`,
          'application/x-www-form-urlencoded',
        ),
      );
      expect(form.total).toBe(3);
      const last = await get<Bundle>(`/fhir/Observation/$lastn?patient=${patient}&category=laboratory&max=1`);
      expect(last.entry).toHaveLength(5);
      const everything = await get<Bundle>(`/fhir/Patient/${patient}/$everything`);
      expect((everything.entry ?? []).length).toBeGreaterThanOrEqual(19);
    });

    test('takes a transaction once, however often it is sent', async () => {
      const other = person(803);
      const transaction = {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [
          {
            fullUrl: 'urn:uuid:5c7a6d2e-0000-4000-8000-000000000803',
            resource: {
              resourceType: 'Patient',
              identifier: [{ system: 'urn:oid:1.2.3', value: other.mrn }],
              name: [{ text: other.name }],
              gender: 'male',
              birthDate: '1970-03-05',
            },
            request: { method: 'POST', url: 'Patient', ifNoneExist: `identifier=urn:oid:1.2.3|${other.mrn}` },
          },
        ],
      };
      const send = async (): Promise<readonly (string | undefined)[]> => {
        const answered = await held().answer<Bundle>(
          held().post('county', '/fhir', transaction, 'application/fhir+json'),
        );
        return (answered.entry ?? []).map(({ response }) => response?.status.slice(0, 3));
      };
      expect([await send(), await send()]).toEqual([['201'], ['200']]);
    });

    test('shows a stranger nothing, and refuses nobody', async () => {
      const foreign = await held().ask('city', `/fhir/Patient/${patient}`);
      const nothing = await held().ask('city', '/fhir/Patient/zzzzzzzzzzzzzzzzzzzzzz');
      expect([foreign.status, await foreign.text()]).toEqual([nothing.status, await nothing.text()]);
      expect(foreign.status).toBe(404);
      const [status] = await refusalOf(await held().ask('nobody', `/fhir/Patient/${patient}`));
      expect(status).toBe(401);
    });
  });
}
