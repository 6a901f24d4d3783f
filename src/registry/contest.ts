/**
 * A recording that came again under another patient's name: the newcomer waits, and the standing one is marked, since nobody
 * knows which of the two was right (a cart that kept the last patient's number is corrected that way). It stays readable.
 */
import type { ContainerElement, ContainerVersion } from '../terms/container.ts';
import type { Observation, Resource } from '../terms/fhir.ts';
import { CONTESTED, SIGNAL_QUALITY } from '../terms/signal-quality.ts';

/** The next version, its measurements marked; undefined when they are already, or when there are none. */
export function contest(head: ContainerVersion): ContainerVersion | undefined {
  const version = head.version + 1;
  let marked = false;
  const elements = head.elements.map((element): ContainerElement => {
    if (!isMeasured(element) || isContested(element.resource)) return element;
    marked = true;
    return { ...element, version, resource: withMark(element.resource) };
  });
  return marked ? { ...head, version, elements } : undefined;
}

/** What a recognisable result is made of: a waveform is the ground of one and none by itself. */
function isMeasured({ key, resource }: ContainerElement): boolean {
  return key === 'measurements' && resource.resourceType === 'Observation';
}

function isContested(resource: Resource): boolean {
  return ((resource as Observation).extension ?? []).some(
    ({ url, extension }) =>
      url === SIGNAL_QUALITY && extension?.some(({ valueCode }) => valueCode === CONTESTED) === true,
  );
}

function withMark(resource: ContainerElement['resource']): ContainerElement['resource'] {
  const { extension = [] } = resource as unknown as Observation;
  const mark = { url: SIGNAL_QUALITY, extension: [{ url: 'flag', valueCode: CONTESTED }] };
  return { ...resource, extension: [...extension, mark] } as ContainerElement['resource'];
}
