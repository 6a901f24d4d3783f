/** What a bundle's entries are answered with (R4 http.html#transaction-response; messaging.html for messages). */
import { printResource } from '../../../base/json.ts';
import type { Refusal } from '../../../base/outcome.ts';
import type { Gateway } from '../../gateway.ts';
import type { Fields } from '../present.ts';
import type { Written } from './draft.ts';

export interface EntryAnswer {
  readonly refusal?: Refusal;
  readonly fullUrl?: string;
  /** JSON text of the resource; absent: the client wants little, or there is none. */
  readonly resource?: string;
  readonly response?: Readonly<Record<string, string>>;
}

const STATUS = { created: '201 Created', updated: '200 OK', unchanged: '200 OK', existing: '200 OK' } as const;

export function writtenAnswer(
  written: Written,
  asked: { readonly base: string; readonly minimal: boolean },
): EntryAnswer {
  const { type, id, version, lastUpdated, outcome, text } = written;
  return {
    fullUrl: `${asked.base}/${type}/${id}`,
    ...(asked.minimal || text === undefined ? {} : { resource: text }),
    response: {
      status: STATUS[outcome],
      location: `${type}/${id}/_history/${version}`,
      etag: `W/"${version}"`,
      lastModified: lastUpdated,
    },
  };
}

/** Taken whole: `ok`. What is refused is answered by an OperationOutcome instead. */
export function messageAnswer(gateway: Gateway, header: Fields, base: string): string {
  const { eventCoding, eventUri } = header;
  return printResource({
    resourceType: 'Bundle',
    type: 'message',
    timestamp: gateway.clock.now(),
    entry: [
      {
        fullUrl: `urn:uuid:${gateway.random.uuid()}`,
        resource: {
          resourceType: 'MessageHeader',
          ...(eventCoding === undefined ? { eventUri } : { eventCoding }),
          source: { name: 'Concord', endpoint: base },
          response: { identifier: typeof header['id'] === 'string' ? header['id'] : 'unnamed', code: 'ok' },
        },
      },
    ],
  });
}
