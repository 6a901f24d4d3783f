/** What the core uses of URL; left out where the libraries of the edge and of Node declare it whole (tsconfig). */
declare class URL {
  static parse(url: string): URL | null;
  readonly hostname: string;
  readonly protocol: string;
}
