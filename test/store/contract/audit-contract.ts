/** Contract: the audit trail as it is read back, broken glass, where an envelope came from, a patient's Consents. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { AuditQuery } from '../../../src/ports/store-audit.ts';
import type { AuditEvent } from '../../../src/terms/audit-event.ts';
import type { BreakGlass } from '../../../src/terms/break-glass.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import type { Instant } from '../../../src/terms/instant.ts';
import { auditEvent, envelope, facilityId, fresh, patientRef, type UseSubject } from './kit.ts';

const LOOKS = ['read', 'search'] as const;

export function auditContract(use: UseSubject): void {
  const at = (seconds: number): Instant =>
    new Date(Date.parse(use().clock.now()) + seconds * 1000).toISOString() as Instant;
  const write = (...audit: readonly AuditEvent[]) => use().store.recordAnswer({ audit, offers: [], entries: [] });
  const ids = async (query: Partial<AuditQuery> & Pick<AuditQuery, 'of'>): Promise<readonly string[]> =>
    (await use().store.audit.page({ limit: 100, ...query })).map(({ id }) => id);

  it('gives a facility its acts back, the newest first, as they were, and sealed queries opened', async () => {
    const { store, sql } = use();
    const facility = facilityId();
    const search = auditEvent(at(1), { facility, action: 'search', resource: 'Patient', query: 'name=张试验' });
    const read = auditEvent(at(2), { facility, action: 'read', resource: 'Patient/x', outcome: 'denied', detail: 'd' });
    await write(search, read, auditEvent(at(3), { facility: facilityId() }));
    expect(await store.audit.page({ of: { facility }, limit: 10 })).toEqual([read, { ...search }]);
    const [row] = await sql`select query from audit_event where id = ${search.id}`;
    expect(String(row?.['query'])).not.toContain('张试验');
  });

  it('pages by time and id, also through events of one moment', async () => {
    const facility = facilityId();
    const events = Array.from({ length: 7 }, (_, place) => auditEvent(at(place < 5 ? 0 : place), { facility }));
    await write(...events);
    const all = await ids({ of: { facility } });
    const seen: string[] = [];
    let after: AuditQuery['after'];
    for (;;) {
      const page = await use().store.audit.page({
        of: { facility },
        limit: 2,
        ...(after === undefined ? {} : { after }),
      });
      const last = page.at(-1);
      if (last === undefined) break;
      seen.push(...page.map(({ id }) => id));
      after = { at: last.at, id: last.id };
    }
    expect(seen).toEqual(all);
    expect(new Set(seen).size).toBe(7);
  });

  it('holds to bounds in time, acts, outcome, resource and id, and to nothing of another facility by its id', async () => {
    const facility = facilityId();
    const of = { facility };
    const [a, b, c] = [
      auditEvent(at(1), { facility, action: 'read', resource: 'Patient/a' }),
      auditEvent(at(2), { facility, action: 'search', resource: 'Patient' }),
      auditEvent(at(3), { facility, action: 'read', resource: 'Patient/a', outcome: 'denied' }),
    ];
    await write(a, b, c);
    expect(await ids({ of, from: at(2), before: at(3) })).toEqual([b.id]);
    expect(await ids({ of, actions: ['read'] })).toEqual([c.id, a.id]);
    expect(await ids({ of, actions: [] })).toEqual([]);
    expect(await ids({ of, outcome: 'denied' })).toEqual([c.id]);
    expect(await ids({ of, resource: 'Patient/a', outcome: 'success' })).toEqual([a.id]);
    expect(await ids({ of, id: b.id })).toEqual([b.id]);
    expect(await ids({ of: { facility: facilityId() }, id: b.id })).toEqual([]);
    expect(await ids({ of: 'all', from: at(1), before: at(4) })).toEqual(expect.arrayContaining([a.id, b.id, c.id]));
  });

  it('tells of a human: own acts, looks of others, and of own refusals none about another’s record', async () => {
    const [mine, theirs] = [facilityId(), facilityId()];
    const [own, foreign] = [fresh('mac-'), fresh('mac-')];
    const act = (facility: typeof mine, patientMac: string, over: Partial<AuditEvent>) =>
      auditEvent(at(1), { facility, patientMac, ...over });
    const told = [
      act(mine, own, { action: 'read', outcome: 'denied' }),
      act(mine, own, { action: 'create' }),
      act(mine, foreign, { action: 'search' }),
      act(theirs, foreign, { action: 'read' }),
      act(theirs, own, { action: 'read', outcome: 'denied' }),
    ];
    const hidden = [
      act(mine, foreign, { action: 'read', outcome: 'denied' }),
      act(theirs, foreign, { action: 'create' }),
      act(theirs, own, { action: 'update' }),
      auditEvent(at(1), { facility: null, patientMac: own, action: 'link' }),
      act(theirs, fresh('mac-'), { action: 'read' }),
    ];
    await write(...told, ...hidden);
    const records = [
      { mac: own, own: true },
      { mac: foreign, own: false },
    ];
    const sorted = (events: readonly AuditEvent[]) => events.map(({ id }) => id).toSorted();
    const seen = await ids({ of: { records, facility: mine, looks: LOOKS } });
    expect(seen.toSorted()).toEqual(sorted(told));
    const operator = await ids({ of: { records, facility: null, looks: [] } });
    expect(operator.toSorted()).toEqual(sorted([...told, ...hidden.slice(0, 4)]));
    expect(await ids({ of: { records: [], facility: mine, looks: LOOKS } })).toEqual([]);
    expect(await ids({ of: { records, facility: mine, looks: LOOKS }, limit: 2 })).toHaveLength(2);
  });

  const glass = (over: Partial<BreakGlass> = {}): BreakGlass => {
    const patient = over.patient ?? patientRef();
    return {
      id: randomUUID(),
      at: at(0),
      facility: patient.facility,
      channel: fresh('channel-') as ChannelId,
      patient,
      encounterMac: '',
      reason: '患者昏迷，急诊抢救',
      until: at(3600),
      reviewedAt: null,
      reviewedBy: null,
      judgement: null,
      ...over,
    };
  };
  const open = (one: BreakGlass, max = 20) =>
    use().store.transaction((tx) => tx.openGlass(one, { since: at(-3600), max }));

  it('opens a glass once while it lasts, its reason sealed, and again when it is over', async () => {
    const { store, sql } = use();
    const one = glass();
    const { facility, channel, patient } = one;
    const standing = (now: Instant) => store.audit.openGlass({ facility, channel, patient, now });
    expect(await standing(at(0))).toBeUndefined();
    expect(await open(one)).toBe('opened');
    expect(await standing(at(3599))).toEqual(one);
    expect(await standing(at(3600))).toBeUndefined();
    expect(
      await store.audit.openGlass({ facility, channel: 'another' as ChannelId, patient, now: at(0) }),
    ).toBeUndefined();
    expect(await open({ ...one, id: randomUUID() })).toBe('standing');
    expect(await open({ ...one, id: randomUUID(), at: at(3600), until: at(7200) })).toBe('opened');
    const [row] = await sql`select reason from break_glass where id = ${one.id}`;
    expect(String(row?.['reason'])).not.toContain('昏迷');
  });

  it('lets openings of one channel take turns: one of many for one Patient, no more than the bound for many', async () => {
    const one = glass();
    const same = await Promise.all(Array.from({ length: 6 }, () => open({ ...one, id: randomUUID() })));
    expect(same.filter((came) => came === 'opened')).toHaveLength(1);
    const channel = fresh('channel-') as ChannelId;
    const many = await Promise.all(Array.from({ length: 6 }, () => open(glass({ channel }), 4)));
    expect(many.toSorted()).toEqual([...Array<string>(4).fill('opened'), 'too-many', 'too-many']);
    expect(await open(glass(), 4)).toBe('opened');
  });

  it('keeps what waits for a reviewer until it is judged, once', async () => {
    const { store } = use();
    const one = glass();
    await open(one);
    const listed = async (reviewed: boolean) =>
      (await store.audit.glasses({ reviewed, limit: 1000 })).filter(({ id }) => id === one.id);
    expect(await listed(false)).toEqual([one]);
    const judgement = { as: 'unjustified', by: '质控科', at: at(60) } as const;
    expect(await store.audit.judgeGlass(one.id, judgement)).toBe(true);
    expect(await store.audit.judgeGlass(one.id, { ...judgement, as: 'justified' })).toBe(false);
    expect(await store.audit.judgeGlass('nothing', judgement)).toBe(false);
    expect(await listed(false)).toEqual([]);
    expect(await listed(true)).toMatchObject([{ judgement: 'unjustified', reviewedBy: '质控科', reviewedAt: at(60) }]);
  });

  it('knows the channel of an envelope', async () => {
    const { store, clock } = use();
    const [one, other] = [envelope(facilityId(), clock.now()), envelope(facilityId(), clock.now())];
    await store.transaction(async (tx) => {
      await tx.insertEnvelope(one);
      await tx.insertEnvelope({ ...other, channel: 'channel-2' as ChannelId });
    });
    expect(await store.read.channelsOf([one.id, other.id, 'nothing'])).toEqual(
      new Map([
        [one.id, 'channel-1'],
        [other.id, 'channel-2'],
      ]),
    );
    expect(await store.read.channelsOf([])).toEqual(new Map());
  });

  it('reads a Patient’s Consents inside a transaction, those that it has just written too', async () => {
    const { store, clock } = use();
    const patient = patientRef();
    const of = { facility: patient.facility, at: clock.now() };
    const consent = (id: string, status: string) => ({
      bucket: patient.bucket,
      resource: { resourceType: 'Consent' as const, id, status, patient: { reference: `Patient/${patient.patient}` } },
    });
    const [first, second] = [fresh('consent-'), fresh('consent-')];
    await store.transaction((tx) => tx.writeResources([consent(first, 'active')] as never, of));
    const seen = await store.transaction(async (tx) => {
      await tx.writeResources([consent(first, 'inactive'), consent(second, 'active')] as never, of);
      return tx.consentsOf([patient], 10);
    });
    expect(seen.cut).toBe(false);
    expect(seen.resources.map(({ id, version }) => `${id} ${version}`).toSorted()).toEqual([
      `${first} 2`,
      `${second} 1`,
    ]);
    expect(seen.resources.find(({ id }) => id === first)?.text).toContain('"inactive"');
    const other = await store.transaction((tx) => tx.consentsOf([patientRef()], 10));
    expect(other.resources).toEqual([]);
  });
}
