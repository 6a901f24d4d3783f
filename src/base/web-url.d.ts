/** What the core uses of URL; left out where the libraries of the edge and of Node declare it whole (tsconfig). */
declare class URL {
  static parse(url: string): URL | null;
  readonly hostname: string;
  readonly protocol: string;
}
declare class URLSearchParams implements Iterable<[string, string]> {
  constructor(text: string);
  [Symbol.iterator](): IterableIterator<[string, string]>;
}
