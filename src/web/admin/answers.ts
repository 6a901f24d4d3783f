/** The shapes of what `/admin` answers, each held to the type that it is printed from. */
import { z } from 'zod';
import type { TrailLine } from '../../gateway/audit-trail.ts';
import type { Pulled } from '../../gateway/pull-reports.ts';
import type { Replayed } from '../../gateway/replay.ts';
import type { Verification } from '../../gateway/verify-ledger.ts';
import type { Upstream } from '../../ports/fhir-source.ts';
import type { Counts, EnvelopeSummary, Reliance } from '../../ports/store-reads.ts';
import type { StoredChannel } from '../../ports/store-reference.ts';
import type { IdentityQueueItem } from '../../ports/store-tx.ts';
import type { BreakGlass } from '../../terms/break-glass.ts';
import type { CodeMapRow, UnmappedCode } from '../../terms/code-map.ts';
import type { Facility } from '../../terms/facility.ts';
import type { Delivery, Subscription } from '../../terms/subscription.ts';
import { count, type Fits, instant, problem } from '../openapi/schemas.ts';

const strings = z.array(z.string());

export const facility = z
  .object({
    id: z.string(),
    name: z.string(),
    parent: z.string().optional(),
    level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    area: z.string(),
    alliances: strings,
    zone: z.string(),
    profile: z.object({
      update: z.enum(['delta', 'snapshot']),
      reportKey: strings.optional(),
      elementKeyByObx21: z.boolean().optional(),
      patientKeyTypes: strings.optional(),
      nationalIdType: z.string().optional(),
      senders: strings.optional(),
      charset: z.string().optional(),
      conflictHours: z.int().optional(),
    }),
  })
  .meta({ id: 'StoredFacility' });

const kind = z.enum(['order', 'result']);
export const codeRow = z
  .object({ facility: z.string(), kind, system: z.string(), code: z.string(), display: z.string(), target: z.string() })
  .meta({ id: 'StoredCode' });
export const unmappedCode = z
  .object({ facility: z.string(), kind, system: z.string(), code: z.string(), display: z.string(), seen: count })
  .meta({ id: 'UnmappedCode' });

const shownChannel = z.object({
  id: z.string(),
  facility: z.string(),
  kind: z.enum(['client', 'mllp', 'folder']),
  test: z.boolean(),
  port: z.int().optional(),
  from: z.string().optional(),
  scopes: strings.optional(),
  jwksUrl: z.string().optional(),
  issuer: z.string().optional(),
  orders: z.enum(['ask', 'feed']).optional(),
  revokedAt: instant.nullable(),
});
export const channel = shownChannel
  .extend({
    method: z.enum(['address', 'none', 'signed', 'signed (keys by address)', 'weak secret']),
    weak: z.boolean().meta({ description: 'It has a secret instead of keys of its own.' }),
  })
  .meta({ id: 'Channel' });
export const channelId = z.object({ channel: z.string() });
export const channelAdded = channelId.extend({
  secret: z.string().optional().meta({ description: 'Of a client that does not sign; shown now and never again.' }),
});
export const channelRotated = channelId.extend({
  secret: z.string().meta({ description: 'Shown now and never again.' }),
});
export const channelRevoked = channelId.extend({ revokedAt: instant });
export const adminToken = z.object({ token: z.string(), expiresIn: z.int() });

export const subscription = z
  .object({
    id: z.string(),
    facility: z.string(),
    channel: z.string(),
    status: z.enum(['requested', 'active', 'error', 'off']),
    endpoint: z.string(),
    payload: z.enum(['empty', 'id-only', 'full-resource']),
    endsAt: instant.nullable(),
  })
  .meta({ id: 'SubscriptionLine' });

export const delivery = z
  .object({
    id: z.string(),
    subscription: z.string(),
    event: count,
    at: instant,
    attempts: count,
    state: z.enum(['waiting', 'delivered', 'dead', 'withheld']),
    lastFault: z.string(),
    results: count.meta({ description: 'How many changed results it tells of.' }),
  })
  .meta({ id: 'DeliveryLine' });

export const trailLine = z
  .object({
    at: instant,
    facility: z.string().nullable(),
    actor: z.string(),
    action: z.string(),
    purpose: z.string(),
    outcome: z.enum(['success', 'denied']),
    detail: z.string(),
    resource: z.string().optional(),
  })
  .meta({ id: 'TrailLine' });

export const glass = z
  .object({
    id: z.string(),
    at: instant,
    facility: z.string(),
    channel: z.string(),
    patient: z.string(),
    reason: z.string(),
    until: instant,
    reviewedAt: instant.nullable(),
    reviewedBy: z.string().nullable(),
    judgement: z.enum(['justified', 'unjustified']).nullable(),
  })
  .meta({ id: 'BreakGlass' });
export const judged = z.object({ id: z.string(), judgement: z.enum(['justified', 'unjustified']) });

const text = z.string().nullable();
export const upstream = z
  .object({
    facility: z.string(),
    channel: z.string(),
    baseUrl: z.string(),
    tokenUrl: text,
    clientId: text,
    secretName: text.meta({ description: 'Name of an environment variable, never the secret.' }),
    scope: text,
  })
  .meta({ id: 'StoredUpstream' });
export const facilityId = z.object({ facility: z.string() });
export const pulled = z
  .object({
    pages: count,
    resources: count,
    problems: z.array(problem),
    whole: z.boolean().meta({ description: 'False: it stopped at a page that it will begin with next time.' }),
  })
  .meta({ id: 'Pulled' });

export const counts = z
  .object({
    envelopes: z.object({ stored: count, quarantined: count, rejected: count, pending: count }),
    receipts: count,
    resultsIn: count,
    resultsStored: count,
    resultProblems: count,
    patients: count,
    persons: count,
    offers: count,
    accepted: count,
    refused: count,
    revoked: count,
    savedFen: z.int(),
    reversedFen: z.int(),
    settledFen: z.int(),
    acceptedWithoutAmount: count,
    ledgerEntries: count,
    sealedEntries: count,
  })
  .meta({ id: 'Counts' });

export const reliance = z
  .object({
    offer: z.string(),
    at: instant,
    facility: z.string(),
    item: z.string(),
    container: z.string(),
    element: z.string(),
  })
  .meta({ id: 'Reliance' });

export const envelope = z
  .object({
    id: z.string(),
    facility: z.string(),
    receivedAt: instant,
    outcome: z.enum(['stored', 'quarantined', 'rejected', 'pending']),
    resultsIn: count,
    resultsStored: count,
    problems: count,
    receipts: count.meta({ description: 'How often the same bytes came.' }),
  })
  .meta({ id: 'EnvelopeLine' });

export const ingested = z
  .object({
    messages: count,
    resends: count,
    resultsIn: count,
    resultsStored: count,
    problems: count,
    answers: z.record(z.string(), count).meta({ description: 'Acknowledgement codes: AA, AE, AR.' }),
  })
  .meta({ id: 'Ingested' });

export const replayed = z
  .object({ envelopes: count, resultsIn: count, resultsStored: count, stillQuarantined: count })
  .meta({ id: 'Replayed' });

const patientRef = z.object({ bucket: count, patient: z.string(), facility: z.string() });
export const queued = z
  .object({
    id: z.string(),
    patient: patientRef,
    kind: z.enum(['conflict', 'possible', 'suspended']),
    others: strings,
    reason: z.string(),
    at: instant,
  })
  .meta({ id: 'IdentityQueueItem' });
export const identityAct = z.union([
  z.object({ person: z.string() }).meta({ description: 'Of `link`: the Person that both are now.' }),
  z.object({ closed: count }).meta({ description: 'Of `unlink`: how many links ended.' }),
  z.object({ optOut: z.boolean() }).meta({ description: 'Of `opt-out`: as it stands now.' }),
]);

const place = z.object({ entry: z.string(), code: z.string() });
const broken = { broken: place.extend({ seq: count }).optional(), firstLongUnsealed: place.optional() };
const chain = z.object({
  chain: z.string(),
  ok: z.boolean(),
  sealed: count,
  last: z.object({ seq: count, seal: z.string() }).optional(),
  unsealed: count,
  longUnsealed: count,
  ...broken,
});
export const verification = z
  .object({
    ok: z.boolean(),
    entries: count,
    sealed: count,
    broken: z.object({ chain: z.string(), ...broken }).optional(),
    chains: z.array(chain),
  })
  .meta({ id: 'Verification' });

export const diagnosis = z
  .object({
    areas: z.array(z.string()),
    findings: z.array(
      z.object({
        level: z.enum(['failure', 'warning']),
        area: z.string(),
        code: z.string(),
        sentence: z.string(),
        subjects: z.array(z.string()).optional(),
        count: count.optional(),
      }),
    ),
  })
  .meta({ id: 'Diagnosis' });

export type AdminFit = [
  Fits<Facility, typeof facility>,
  Fits<CodeMapRow, typeof codeRow>,
  Fits<UnmappedCode, typeof unmappedCode>,
  Fits<Omit<StoredChannel, 'secretHash' | 'jwks'>, typeof shownChannel>,
  Fits<Omit<Subscription, 'criteria' | 'bucket'>, typeof subscription>,
  Fits<Omit<Delivery, 'focus' | 'patient' | 'bucket'> & { results: number }, typeof delivery>,
  Fits<TrailLine, typeof trailLine>,
  Fits<Omit<BreakGlass, 'encounterMac' | 'patient'> & { patient: string }, typeof glass>,
  Fits<Upstream, typeof upstream>,
  Fits<Pulled, typeof pulled>,
  Fits<Counts, typeof counts>,
  Fits<Reliance, typeof reliance>,
  Fits<EnvelopeSummary, typeof envelope>,
  Fits<Replayed, typeof replayed>,
  Fits<IdentityQueueItem, typeof queued>,
  Fits<Verification, typeof verification>,
];
