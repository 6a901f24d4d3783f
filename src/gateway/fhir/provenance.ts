/**
 * Provenance (R4 provenance.html), made from what the store knows and never stored: which facility sent a version, over
 * which kind of door, in which envelope, and when it became known.
 */
import type { Channel } from '../../terms/channel.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import type { Gateway } from '../gateway.ts';
import type { Found } from './found.ts';
import { type Fields } from './present.ts';

const SUFFIX = '.p';

/** `<id of the target>.p<version>`: an id of R4's form that leads back to its target. */
export function provenanceId(target: Pick<StoredResource, 'id' | 'version'>): string {
  return `${target.id}${SUFFIX}${target.version}`;
}

export function targetOfProvenance(id: string): { readonly id: string; readonly version: number } | undefined {
  const found = /^([0-9a-z.]{22,33})\.p([1-9]\d{0,8})$/.exec(id);
  return found === null ? undefined : { id: found[1] as string, version: Number(found[2]) };
}

/** One for each, in their order. */
export async function provenancesOf(gateway: Gateway, targets: readonly StoredResource[]): Promise<readonly Found[]> {
  const { facilities, channels } = await gateway.reference.current();
  const doors = await gateway.store.read.channelsOf([...new Set(targets.map(broughtBy).filter((id) => id !== ''))]);
  return targets
    .filter(({ type }) => type !== 'Provenance')
    .map((target) => {
      const channel = doors.get(broughtBy(target));
      const door = channel === undefined ? undefined : channels.get(channel)?.kind;
      const resource = provenanceOf(target, facilities.get(target.facility)?.name, door);
      const { text: _text, ...place } = target;
      return {
        ...place,
        type: 'Provenance',
        id: provenanceId(target),
        version: 1,
        resource,
        text: JSON.stringify(resource),
      };
    });
}

/** The envelope that brought this very version; '' where that is not known. */
function broughtBy({ envelope, version, containerVersion }: StoredResource): string {
  return version === containerVersion ? envelope : '';
}

function provenanceOf(target: StoredResource, name: string | undefined, door: Channel['kind'] | undefined): Fields {
  const envelope = broughtBy(target);
  const source = { role: 'source', what: { identifier: { system: 'urn:concord:envelope', value: envelope } } };
  return {
    resourceType: 'Provenance',
    id: provenanceId(target),
    target: [{ reference: `${target.type}/${target.id}/_history/${target.version}` }],
    recorded: target.lastUpdated,
    activity: { coding: [{ system: DATA_OPERATION, code: target.version === 1 ? 'CREATE' : 'UPDATE' }] },
    agent: [
      {
        type: { coding: [{ system: PARTICIPANT, code: 'author' }] },
        who: {
          identifier: { system: 'urn:concord:facility', value: target.facility },
          ...(name === undefined ? {} : { display: name }),
        },
      },
      {
        type: { coding: [{ system: PARTICIPANT, code: 'assembler' }] },
        who: { identifier: { system: 'urn:concord', value: 'gateway' }, display: 'Concord' },
      },
      ...(door === undefined
        ? []
        : [
            {
              type: { coding: [{ system: PARTICIPANT, code: 'transmitter' }] },
              who: { identifier: { system: 'urn:concord:channel-kind', value: door } },
            },
          ]),
    ],
    ...(envelope === '' ? {} : { entity: [source] }),
  };
}

const DATA_OPERATION = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation';
const PARTICIPANT = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type';
