/** The OpenAPI document as a contract: requests made of its examples, and real answers held against its schemas. */
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { oas31 } from 'zod-openapi';
import type { OpenapiDocument } from '../../src/web/openapi/document.ts';
import type { App } from './app.ts';

type Operation = oas31.OperationObject;
type Holder = { readonly content?: Readonly<Record<string, oas31.MediaTypeObject>> };

export interface Placed {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export interface Asking {
  readonly token?: string | undefined;
  /** Values of the path's parts. */
  readonly parts?: Readonly<Record<string, string>>;
  /** With its question mark. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Name of an example, or a body of its own. */
  readonly example?: string;
  readonly body?: unknown;
  /** Texts of the example that only a gateway can give: ids, assertions. */
  readonly given?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where there is none, or no JSON. */
  readonly json: unknown;
}

export interface Contract {
  readonly placed: readonly Placed[];
  /** Asks, and throws where the answer is not as the document says. */
  ask(app: App, id: string, asking?: Asking): Promise<Answered>;
  /** Operation and status of every answer that was held against the document. */
  readonly held: ReadonlySet<string>;
  /** The value of an example: of what is sent, or of what is answered. */
  example(id: string, of: 'request' | 'answer', name: string): unknown;
  /** What a schema at a pointer finds wrong with a value. */
  faults(pointer: readonly string[], value: unknown): string;
}

export function contractOf(document: OpenapiDocument): Contract {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(closed(structuredClone(document)) as object, 'document');
  const placed = placedIn(document);
  const held = new Set<string>();

  const faults: Contract['faults'] = (pointer, value) => {
    const path = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const validate = ajv.getSchema(`document#/${path}`);
    if (validate === undefined) return `there is no schema at ${pointer.join(' ')}`;
    return validate(value) === true ? '' : ajv.errorsText(validate.errors);
  };

  return {
    placed,
    held,
    faults,
    example: (id, of, name) => {
      const operation = placed.find((candidate) => candidate.id === id)?.operation ?? {};
      const holder = (of === 'request' ? operation.requestBody : operation.responses?.['200']) as Holder | undefined;
      return exampleOf(Object.values(holder?.content ?? {})[0] ?? {}, name);
    },
    ask: async (app, id, asking = {}) => {
      const one = placed.find((candidate) => candidate.id === id);
      if (one === undefined) throw new Error(`there is no operation ${id}`);
      const response = await app.request(...requestOf(one, asking));
      const answered = await readAnswer(response);
      const wrong = judge(document, one, answered, faults);
      if (wrong !== '') throw new Error(`${id} ${answered.status}: ${wrong}\n${answered.text.slice(0, 500)}`);
      held.add(`${id} ${answered.status}`);
      return answered;
    },
  };
}

function placedIn({ paths = {} }: OpenapiDocument): readonly Placed[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    (['get', 'post', 'put', 'delete', 'patch'] as const).flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ id: operation.operationId ?? '', method, path, operation }];
    }),
  );
}

/** Answers may get more fields in time; today they have none that is not described. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const all = Object.fromEntries(Object.entries(value).map(([key, held]) => [key, closed(held)]));
  const isOpen = all['type'] === 'object' && 'properties' in all && !('additionalProperties' in all);
  return isOpen ? { ...all, additionalProperties: false } : all;
}

function requestOf({ path, method, operation }: Placed, asking: Asking): [string, RequestInit] {
  const { token, parts = {}, query = '', headers = {} } = asking;
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? 'x');
  const content = (operation.requestBody as oas31.RequestBodyObject | undefined)?.content ?? {};
  const [type, media] = Object.entries(content)[0] ?? [];
  const example = asking.example === undefined ? undefined : exampleOf(media as oas31.MediaTypeObject, asking.example);
  const body = asking.body ?? example;
  const init: RequestInit = {
    method: method.toUpperCase(),
    headers: {
      ...(type === undefined || body === undefined ? {} : { 'content-type': type }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: bodyOf(body, type, asking.given) }),
  };
  return [`http://localhost${address}${query}`, init];
}

/** Bytes of a file go as they are. */
function bodyOf(body: unknown, type: string | undefined, given: Asking['given']): string | Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array ? new Uint8Array(body) : replaced(textOf(body, type), given);
}

function exampleOf({ examples = {} }: oas31.MediaTypeObject, name: string): unknown {
  const example = examples[name];
  if (example === undefined) throw new Error(`there is no example ${name}`);
  return (example as oas31.ExampleObject).value;
}

function textOf(body: unknown, type: string | undefined): string {
  if (typeof body === 'string') return body;
  if (type === 'application/x-www-form-urlencoded')
    return new URLSearchParams(body as Record<string, string>).toString();
  return JSON.stringify(body);
}

function replaced(text: string, given: Asking['given'] = {}): string {
  return Object.entries(given).reduce((changed, [from, to]) => changed.replaceAll(from, to), text);
}

async function readAnswer(response: Response): Promise<Answered> {
  const text = await response.text();
  const isJson = /\bjson\b|\+json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

function judge(document: OpenapiDocument, one: Placed, answered: Answered, faults: Contract['faults']): string {
  const { status, text, json } = answered;
  const stated = one.operation.responses?.[String(status)] as oas31.ResponseObject | { $ref: string } | undefined;
  if (stated === undefined) return 'the status is not described';
  const name = '$ref' in stated ? stated.$ref.split('/').at(-1) : undefined;
  const response = name === undefined ? (stated as oas31.ResponseObject) : document.components?.responses?.[name];
  const { content = {}, headers = {} } = response as oas31.ResponseObject;
  const lost = Object.entries(headers).filter(
    ([header, stated]) => 'required' in stated && stated.required && !answered.headers.has(header),
  );
  if (lost.length > 0) return `without ${lost.map(([header]) => header).join(', ')}`;
  // A code of ours that is answered is one of those that the description tells.
  const code = codeIn(json);
  if (code !== undefined && response?.description?.includes(`\`${code}\``) !== true) return `${code} is not described`;
  if (Object.keys(content).length === 0) return text === '' ? '' : 'a body is not described';
  const type = (answered.headers.get('content-type') ?? '').split(';')[0] ?? '';
  // A client may ask for less than the resource.
  if (text === '' && status < 300) return '';
  if (content[type] === undefined) return `${type} is not described`;
  const base =
    name === undefined
      ? ['paths', one.path, one.method, 'responses', String(status)]
      : ['components', 'responses', name];
  return faults([...base, 'content', type, 'schema'], json ?? text);
}

function codeIn(json: unknown): string | undefined {
  const { code, issue, resourceType } = (json ?? {}) as {
    code?: string;
    resourceType?: string;
    issue?: readonly { details?: { coding?: readonly { code: string }[] } }[];
  };
  if (resourceType === 'OperationOutcome') {
    const told = issue?.[0]?.details?.coding?.[0]?.code;
    return told === 'none' ? undefined : told;
  }
  return typeof code === 'string' && code.includes('/') ? code : undefined;
}
