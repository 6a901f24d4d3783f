/** Lines of one generated function as they are written, with what they call and name. */
import type { Table } from './table.ts';

/** What several rows of one resource's tables want to fill: the first that has a value wins. */
export interface Contested {
  /** Single elements: `ServiceRequest.requester`. */
  readonly paths: ReadonlySet<string>;
  /** Members of each choice at the top of a resource: `ServiceRequest.occurrence`. */
  readonly choices: ReadonlyMap<string, ReadonlySet<string>>;
}

export class Emitter {
  readonly lines: string[] = [];
  readonly calls = new Set<string>();
  readonly functions = new Map<string, Set<string>>();
  readonly codeTables = new Set<string>();
  readonly types = new Set<string>();
  readonly runtime = new Set<string>();
  readonly declared: string[] = [];
  /** Lines before the function. */
  readonly constants: string[] = [];
  readonly conditions = new Map<string, { name: string; code: string }>();
  readonly table: Table;
  readonly extensions: ReadonlyMap<string, { readonly url: string }>;
  readonly contested: Contested;
  depth = 1;

  constructor(table: Table, extensions: ReadonlyMap<string, { readonly url: string }>, contested: Contested) {
    this.table = table;
    this.extensions = extensions;
    this.contested = contested;
  }

  line(text: string): void {
    this.lines.push('  '.repeat(this.depth) + text);
  }

  block(head: string, body: () => void): void {
    this.line(`${head} {`);
    this.depth++;
    body();
    this.depth--;
    this.line('}');
  }
}
