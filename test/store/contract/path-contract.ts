/** Contract: envelopes, the directory, containers and shared resources. */
import { expect, it } from 'vitest';
import type { Resource } from '../../../src/terms/fhir.ts';
import type { Bucket } from '../../../src/terms/bucket.ts';
import { claimOne, container, directoryClaim, envelope, facilityId, fresh, type UseSubject } from './kit.ts';

export function pathContract(use: UseSubject): void {
  it('answers a resend with the stored answer, byte for byte, and counts its receipt', async () => {
    const { store, clock } = use();
    const sent = envelope(facilityId(), clock.now());
    const ack = new Uint8Array([0, 1, 0x4d, 0xff]);
    await store.transaction(async (tx) => {
      expect(await tx.seenBefore(sent)).toEqual({ resend: undefined, reused: false });
      await tx.insertEnvelope(sent);
      await tx.finishEnvelope(sent.id, { outcome: 'stored', problems: [], ack, resultsIn: 2, resultsStored: 2 });
    });
    const seen = await store.transaction((tx) => tx.seenBefore(sent));
    expect(seen).toEqual({ resend: { id: sent.id, outcome: 'stored', ack }, reused: false });
    const [summary] = (await store.read.envelopes({ limit: 1000 })).filter(({ id }) => id === sent.id);
    expect(summary).toMatchObject({ receipts: 2, resultsIn: 2, resultsStored: 2, problems: 0, outcome: 'stored' });
  });

  it('seals an answer in FHIR at rest, which tells of patients, and gives it back to a resend and a reader', async () => {
    const { store, clock, sql } = use();
    const sent = envelope(facilityId(), clock.now(), { format: 'fhir' });
    const ack = new TextEncoder().encode('{"resourceType":"Patient"}');
    const finish = (id: string, ack: Uint8Array) =>
      store.transaction(async (tx) => {
        await tx.insertEnvelope({ ...sent, id, digest: id });
        await tx.finishEnvelope(id, { outcome: 'stored', problems: [], ack, resultsIn: 0, resultsStored: 0 });
      });
    await finish(sent.id, ack);
    const unnamed = fresh('envelope-');
    await finish(unnamed, new Uint8Array());
    const kept = await sql`select ack from envelope where id = ${sent.id}`;
    expect(new TextDecoder('latin1').decode(kept[0]?.['ack'] as Uint8Array)).not.toContain('Patient');
    const [seen, read, none] = await store.transaction(async (tx) => [
      await tx.seenBefore({ ...sent, digest: sent.id }),
      await tx.readEnvelope(sent.id),
      await tx.readEnvelope(unnamed),
    ]);
    expect(seen?.resend?.ack).toEqual(ack);
    expect(read).toMatchObject({ format: 'fhir', ack });
    expect(none?.ack).toEqual(new Uint8Array());
  });

  it('flags a control id that was used with other bytes, and takes no missing control id for a used one', async () => {
    const { store, clock } = use();
    const facility = facilityId();
    const first = envelope(facility, clock.now());
    const nameless = envelope(facility, clock.now(), { controlMac: '' });
    await store.transaction(async (tx) => {
      await tx.insertEnvelope(first);
      await tx.insertEnvelope(nameless);
    });
    const reused = await store.transaction((tx) => tx.seenBefore({ ...first, digest: 'other bytes' }));
    expect(reused).toEqual({ resend: undefined, reused: true });
    await store.transaction(async (tx) => {
      for (const digest of ['a', 'b', 'zz']) await tx.insertEnvelope({ ...first, id: fresh('envelope-'), digest });
    });
    const both = await store.transaction((tx) => tx.seenBefore(first));
    expect(both).toMatchObject({ resend: { id: first.id, outcome: 'pending' }, reused: true });
    expect(both.resend?.ack).toHaveLength(0);
    const elsewhere = await store.transaction((tx) =>
      tx.seenBefore({ ...first, facility: facilityId(), digest: 'other' }),
    );
    expect(elsewhere.reused).toBe(false);
    expect((await store.transaction((tx) => tx.seenBefore({ ...nameless, digest: 'other' }))).reused).toBe(false);
  });

  it('ends with one envelope when one message arrives twice at the same moment', async () => {
    const { store, clock, sql } = use();
    const key = envelope(facilityId(), clock.now());
    const receive = async (): Promise<string> => {
      const own = { ...key, id: fresh('envelope-') };
      return store.transaction(async (tx) => {
        const { resend } = await tx.seenBefore(own);
        if (resend !== undefined) return resend.id;
        await tx.insertEnvelope(own);
        return own.id;
      });
    };
    const ids = await Promise.all([receive(), receive(), receive(), receive()]);
    expect(new Set(ids).size).toBe(1);
    const rows = await sql`select receipts from envelope where facility = ${key.facility}`;
    expect(rows.map((row) => row['receipts'])).toEqual([4]);
  });

  it('reads an envelope back as it came, and keeps nothing of it when its transaction fails', async () => {
    const { store, clock } = use();
    const kept = envelope(facilityId(), clock.now(), { bytes: new Uint8Array(300_000).map((_, place) => place % 251) });
    await store.transaction((tx) => tx.insertEnvelope(kept));
    const read = await store.transaction((tx) => tx.readEnvelope(kept.id));
    expect(read).toEqual({ ...kept, outcome: 'pending', ack: null });
    const lost = envelope(facilityId(), clock.now());
    const failed = store.transaction(async (tx) => {
      await tx.insertEnvelope(lost);
      throw new RangeError('a stage failed');
    });
    await expect(failed).rejects.toThrow(RangeError);
    expect(await store.transaction((tx) => tx.readEnvelope(lost.id))).toBeUndefined();
  });

  it('pages envelopes newest first, by outcome, and lists the pending ones oldest first', async () => {
    const { store, clock } = use();
    const facility = facilityId();
    const sent = Array.from({ length: 4 }, () => envelope(facility, clock.pass(1000)));
    await store.transaction(async (tx) => {
      for (const one of sent) await tx.insertEnvelope(one);
      const answer = {
        problems: [{ code: 'a/b', severity: 'error', at: 'OBX[1]-5' }],
        ack: new Uint8Array(),
        resultsIn: 1,
        resultsStored: 0,
      } as const;
      await tx.finishEnvelope(sent[1]?.id ?? '', { ...answer, outcome: 'quarantined' });
      await tx.finishEnvelope(sent[2]?.id ?? '', { ...answer, outcome: 'stored' });
    });
    const ids = sent.map(({ id }) => id);
    const newest = await store.read.envelopes({ limit: 2 });
    expect(newest.map(({ id }) => id)).toEqual([ids[3], ids[2]]);
    const next = await store.read.envelopes({ limit: 2, before: ids[2] ?? '' });
    expect(next.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
    const quarantined = await store.read.envelopes({ limit: 1, outcome: 'quarantined' });
    expect(quarantined).toMatchObject([{ id: ids[1], problems: 1 }]);
    const older = await store.read.envelopes({ limit: 5, outcome: 'quarantined', before: ids[1] ?? '' });
    expect(older.some(({ id }) => ids.includes(id))).toBe(false);
    const pending = (await store.read.pendingEnvelopes(1000)).filter((id) => ids.includes(id));
    expect(pending).toEqual([ids[0], ids[3]]);
  });

  it('keeps no plain name or identifier in the bytes of envelopes and of Patients', async () => {
    const { store, clock, sql } = use();
    const facility = facilityId();
    const patient = directoryClaim(facility, 'patient');
    const sealed = envelope(facility, clock.now(), {
      bytes: new TextEncoder().encode('PID|||000000199001011234||甄不露'),
    });
    await store.transaction(async (tx) => {
      await tx.insertEnvelope(sealed);
      await tx.claim([patient]);
      const resource = {
        resourceType: 'Patient',
        id: patient.id,
        name: [{ text: '甄不露' }],
        identifier: [{ value: '000000199001011234' }],
      };
      await tx.writeResources([{ bucket: patient.bucket, resource }], { facility: patient.facility, at: clock.now() });
    });
    const rows = await sql`select content from envelope where id = ${sealed.id} union all
      select content from resource where id = ${patient.id}`;
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      const stored = (row['content'] as Buffer).toString('latin1');
      for (const secret of ['甄不露', '000000199001011234']) {
        expect(stored.includes(Buffer.from(secret).toString('latin1'))).toBe(false);
      }
    }
    const [read] = await store.transaction((tx) => tx.readResources([patient]));
    expect(read?.resource).toMatchObject({ name: [{ text: '甄不露' }] });
  });

  it('ends with one id when two first sights of one key meet, also for shared resources', async () => {
    const { store } = use();
    const facility = facilityId();
    for (const kind of ['report', 'organization', 'person'] as const) {
      const mac = fresh('race-');
      const claims = ['a', 'b', 'c', 'd'].map((letter) =>
        directoryClaim(facility, kind, { mac, id: `${letter}-${mac}` }),
      );
      const rows = await Promise.all(claims.map((one) => store.transaction((tx) => claimOne(tx, one))));
      expect(new Set(rows.map(({ id }) => id)).size).toBe(1);
      expect(new Set(rows.map(({ bucket }) => bucket)).size).toBe(1);
      expect(rows.filter(({ fresh: wrote }) => wrote)).toHaveLength(1);
    }
  });

  it('answers claims in their order, a known key with what the directory holds, and a key named twice twice', async () => {
    const { store } = use();
    const facility = facilityId();
    const [one, two, three] = [
      directoryClaim(facility, 'report'),
      directoryClaim(facility, 'location'),
      directoryClaim(facility, 'patient'),
    ];
    await store.transaction((tx) => tx.claim([one, two, three]));
    const late = [three, two, one, two].map((claim) => ({ ...claim, id: 'another', bucket: 1 as Bucket }));
    const rows = await store.transaction((tx) => tx.claim(late));
    expect(rows.map(({ id }) => id)).toEqual([three.id, two.id, one.id, two.id]);
    expect(rows.every((row) => !row.fresh && row.headVersion === 0)).toBe(true);
  });

  it('forgets a claim whose transaction fails', async () => {
    const { store } = use();
    const claim = directoryClaim(facilityId(), 'organization');
    await expect(
      store.transaction(async (tx) => {
        await tx.claim([claim]);
        throw new RangeError('a stage failed');
      }),
    ).rejects.toThrow(RangeError);
    const row = await store.transaction((tx) => claimOne(tx, { ...claim, id: 'the second' }));
    expect(row).toMatchObject({ id: 'the second', fresh: true });
  });

  it('lets messages of one report take turns, whatever the order of their claims', async () => {
    const { store, clock } = use();
    const facility = facilityId();
    const [left, right] = [directoryClaim(facility, 'report'), directoryClaim(facility, 'report')];
    const correct = (order: readonly (typeof left)[]) =>
      store.transaction(async (tx) => {
        const rows = await tx.claim(order);
        await tx.readHeads(rows.map(({ bucket, id }) => ({ kind: 'report' as const, bucket, id })));
        await tx.writeContainers(rows.map((row) => container(row, 'p', clock.now(), { version: row.headVersion + 1 })));
      });
    await Promise.all(
      Array.from({ length: 8 }, (_, place) => correct(place % 2 === 0 ? [left, right] : [right, left])),
    );
    const rows = await store.transaction((tx) => tx.claim([left, right]));
    expect(rows.map(({ headVersion }) => headVersion)).toEqual([8, 8]);
  });

  it('reads the newest version of a container with its decimals as written', async () => {
    const { store, clock } = use();
    const claim = directoryClaim(facilityId(), 'report');
    const observation = (value: string): Resource => {
      const made = { resourceType: 'Observation', id: `${claim.id}.x`, valueQuantity: { value, unit: '10*9/L' } };
      return made;
    };
    const write = (version: number, value: string) =>
      store.transaction(async (tx) => {
        const row = await claimOne(tx, claim);
        const elements = [{ key: '8:A001', version, statedAt: clock.now(), resource: observation(value) }];
        await tx.writeContainers([container(row, 'p', clock.now(), { version, elements, collectedAt: clock.now() })]);
      });
    await write(1, '5.10');
    await write(2, '5.100');
    const ref = { kind: 'report', bucket: claim.bucket, id: claim.id } as const;
    const head = await store.read.readHead(ref);
    expect(head).toMatchObject({ version: 2, kind: 'report', collectedAt: clock.now(), patient: 'p' });
    expect(head?.elements[0]?.resource).toEqual(observation('5.100'));
    const [inside, ...rest] = await store.transaction((tx) => tx.readHeads([ref, { ...ref, id: 'nowhere' }]));
    expect([inside, rest]).toEqual([head, []]);
    expect(await store.read.readHead({ ...ref, id: 'nowhere' })).toBeUndefined();
  });

  it('writes a shared resource only when its text changed', async () => {
    const { store, clock, sql } = use();
    const { id, bucket } = directoryClaim(facilityId(), 'organization');
    const write = (name: string) => {
      const resource = { resourceType: 'Organization', id, name };
      return store.transaction((tx) =>
        tx.writeResources([{ bucket, resource }], { facility: facilityId(), at: clock.pass(1) }),
      );
    };
    for (const name of ['检验科', '检验科', '医学检验科', '检验科']) await write(name);
    const versions = await sql`select version from resource where id = ${id} order by version`;
    expect(versions.map((row) => row['version'])).toEqual([1, 2, 3]);
    const [read] = await store.transaction((tx) => tx.readResources([{ bucket, id }]));
    expect(read).toMatchObject({ version: 3, bucket, resource: { name: '检验科' } });
  });

  it('refuses a text that the database cannot hold, before it gets there', async () => {
    const { store } = use();
    const facility = facilityId();
    const bad = (at: string) =>
      store.transaction(async (tx) => {
        await tx.noteUnmapped([{ facility, kind: 'result', system: '', code: fresh('code'), display: at }]);
      });
    await expect(bad('with \u0000 inside')).rejects.toThrow(/NUL/);
    await expect(bad('half a pair \ud83d')).rejects.toThrow(/NUL/);
    await expect(bad('a backslash \\u0000 and a whole pair 😀')).resolves.toBeUndefined();
  });
}
