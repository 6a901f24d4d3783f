/** What a client can read and what it sends (R4 http.html#mime-type): JSON only, FHIR 4.0 only. */
import { done, type Outcome, refuse } from '../../base/outcome.ts';
import { webRefusal } from '../problems.ts';

const FORMATS: ReadonlySet<string> = new Set(['json', 'application/json', 'application/fhir+json', 'text/json']);
const RANGES: ReadonlySet<string> = new Set([...FORMATS, '*/*', 'application/*', 'text/*']);

/** Refuses with `web/not-acceptable` (406): `_format` first, then Accept. */
export function acceptsJson(request: Request): Outcome<true> {
  const format = new URL(request.url).searchParams.get('_format');
  // A plus that was not escaped is a blank.
  if (format !== null) return FORMATS.has(format.replace(' ', '+')) ? done(true) : refuse(NOT_ACCEPTABLE);
  const accept = request.headers.get('accept');
  if (accept === null || accept.trim() === '') return done(true);
  return accept.split(',').some(isReadable) ? done(true) : refuse(NOT_ACCEPTABLE);
}

const NOT_ACCEPTABLE = webRefusal('incorrect', 'web/not-acceptable', 'Accept');

function isReadable(range: string): boolean {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const version = parameters.find((part) => part.startsWith('fhirversion='))?.slice('fhirversion='.length);
  const isRefused = parameters.some((part) => /^q=0(?:\.0*)?$/.test(part));
  return RANGES.has(type) && !isRefused && (version === undefined || /^"?4\.0(?:\.1)?"?$/.test(version));
}

/** Refuses with `web/media-type` (415) what is no JSON. */
export function sendsJson(request: Request): Outcome<true> {
  const type = (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return FORMATS.has(type) ? done(true) : refuse(webRefusal('incorrect', 'web/media-type', 'Content-Type'));
}

/** `Prefer` as far as it is understood; the rest is left alone (RFC 7240 2). */
export function preferences(request: Request): {
  readonly lenient: boolean;
  readonly returns: 'minimal' | 'representation' | 'OperationOutcome' | undefined;
} {
  const parts = (request.headers.get('prefer') ?? '').split(/[,;]/).map((part) => part.trim());
  const returns = (['minimal', 'representation', 'OperationOutcome'] as const).find((one) =>
    parts.includes(`return=${one}`),
  );
  return { lenient: parts.includes('handling=lenient'), returns };
}
