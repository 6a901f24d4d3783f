/** ORC, OBR and TQ1 → ServiceRequest: the order that a report answers. */
import type { Reference, ServiceRequest } from 'fhir/r4';
import { joinKey } from '../base/digest.ts';
import type { Bucket } from '../terms/bucket.ts';
import { absent } from './absent.ts';
import { obrToServiceRequest } from './generated/obr-service-request.ts';
import { orcToServiceRequest } from './generated/orc-service-request.ts';
import { prtToServiceRequest } from './generated/prt-service-request.ts';
import { tq1ToServiceRequest } from './generated/tq1-service-request.ts';
import type { OrderGroup } from './group.ts';
import type { Near } from './reading.ts';
import { numbersOf } from './report-key.ts';
import type { Run } from './run.ts';

/** Goes on growing while the report is mapped: `supportingInfo` is added by its answers. */
export interface RequestDraft {
  readonly resource: ServiceRequest & { id: string };
  readonly bucket: Bucket;
  readonly reference: Reference;
}

/** Undefined when the group has neither ORC nor OBR. The placer's number and the code make it one order. */
export function mapServiceRequest(
  order: OrderGroup,
  of: {
    readonly bucket: Bucket;
    readonly subject: Reference | undefined;
    readonly encounter: Reference | undefined;
    readonly reportKey: string;
  },
  run: Run,
): RequestDraft | undefined {
  const { orc, obr } = order;
  if (orc === undefined && obr === undefined) return undefined;
  const near: Near = { ORC: orc, OBR: obr };
  const resource = { resourceType: 'ServiceRequest', intent: 'order' } as ServiceRequest & { id: string };
  if (orc !== undefined) orcToServiceRequest(resource, orc, near, run);
  if (obr !== undefined) obrToServiceRequest(resource, obr, near, run);
  for (const timing of order.timings) tq1ToServiceRequest(resource, timing, near, run);
  for (const participation of order.participations) prtToServiceRequest(resource, participation, near, run);
  if (orc !== undefined && obr !== undefined && orc.raw(12) === obr.raw(16)) obr.markField(16);
  resource.status ??= 'unknown';
  resource.subject = of.subject ?? absent();
  if (of.encounter !== undefined) resource.encounter = of.encounter;
  const [, placer] = numbersOf(order);
  const code = obr?.peek(4, 1, 0, 1) ?? obr?.peek(4, 1, 0, 2) ?? '';
  const key = placer === undefined ? joinKey('report', of.reportKey) : joinKey('placer', placer, code);
  const { id, bucket } = run.context.ids.idOf('service-request', key, of.bucket);
  resource.id = id;
  return { resource, bucket, reference: { reference: `ServiceRequest/${id}` } };
}
