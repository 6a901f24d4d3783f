/** A binary heap ordered by time, then by arrival: what is still to happen in the region. */
export interface Heap<T> {
  push(at: number, entry: T): void;
  /** The earliest entry not later than `limit`, taken out. */
  popUntil(limit: number): { readonly at: number; readonly entry: T } | undefined;
  readonly size: number;
}

interface Node<T> {
  readonly at: number;
  readonly order: number;
  readonly entry: T;
}

export function createHeap<T>(): Heap<T> {
  const nodes: Node<T>[] = [];
  let pushed = 0;
  return {
    get size() {
      return nodes.length;
    },
    push(at, entry) {
      nodes.push({ at, order: pushed++, entry });
      siftUp(nodes, nodes.length - 1);
    },
    popUntil(limit) {
      const top = nodes[0];
      if (top === undefined || top.at > limit) return undefined;
      const last = nodes.pop() as Node<T>;
      if (nodes.length > 0) {
        nodes[0] = last;
        siftDown(nodes);
      }
      return { at: top.at, entry: top.entry };
    },
  };
}

function before<T>(left: Node<T>, right: Node<T>): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order);
}

function swap<T>(nodes: Node<T>[], i: number, j: number): void {
  const held = nodes[i] as Node<T>;
  nodes[i] = nodes[j] as Node<T>;
  nodes[j] = held;
}

function siftUp<T>(nodes: Node<T>[], from: number): void {
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(nodes[at] as Node<T>, nodes[parent] as Node<T>)) return;
    swap(nodes, at, parent);
    at = parent;
  }
}

function siftDown<T>(nodes: Node<T>[]): void {
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    if (left >= nodes.length) return;
    const right = left + 1;
    const least = right < nodes.length && before(nodes[right] as Node<T>, nodes[left] as Node<T>) ? right : left;
    if (!before(nodes[least] as Node<T>, nodes[at] as Node<T>)) return;
    swap(nodes, at, least);
    at = least;
  }
}
