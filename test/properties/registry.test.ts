/**
 * Properties of merging: any order of arrival ends alike where SETTLED 19 makes it so, and what is retracted is open to
 * no recognition.
 *
 * Where order does matter, and is left out here: two statements of one time (the later arrival wins); a result that is
 * cancelled or without status (`X`, none) beside preliminary and final ones, since X beats F, P beats X and F beats P;
 * the value kept by a retracted result, which is the last one that had arrived; `snapshot`, when a result is missing
 * from one message and comes back as preliminary in a later one.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { entriesOf, type EntryContext } from '../../src/registry/entries-of.ts';
import { mergeReport } from '../../src/registry/merge-report.ts';
import type { ContainerVersion } from '../../src/terms/container.ts';
import type { Observation } from '../../src/terms/fhir.ts';
import { context, day, FACILITY, told, type Told } from '../core/registry/report-builder.ts';

const RUNS = { numRuns: 1_000 };
const CONTEXT: EntryContext = {
  facility: FACILITY,
  production: true,
  knownFrom: day(20),
  regionZone: 'Asia/Shanghai',
  itemOf: () => null,
};

const messages = (letters: string) =>
  fc
    .array(
      fc.record({
        report: fc.constantFrom('F', 'F', 'C', 'P', 'P', 'X', 'W'),
        results: fc.dictionary(fc.constantFrom('A', 'B', 'C'), fc.constantFrom(...letters.split('')), { maxKeys: 3 }),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((list) =>
      list.map(
        ({ report, results }, index): Told => ({
          at: day(1 + index),
          report,
          // Each message says other values, told apart by its number.
          results: Object.fromEntries(
            Object.entries(results).map(([name, letter]) => [name, `${letter} ${index + 1}`]),
          ),
        }),
      ),
    );

const inTwoOrders = (letters: string) =>
  messages(letters).chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
  );

function ended(list: readonly Told[], update: 'delta' | 'snapshot' = 'delta'): ContainerVersion {
  let head: ContainerVersion | undefined;
  for (const message of list) {
    const merged = mergeReport(head, told(message), context({ profile: { update } }));
    if (merged.kind === 'new-version') head = merged.version;
  }
  if (head === undefined) throw new Error('nothing was stored');
  return head;
}

/** Status, time and value of each element; not the value of a retracted one. */
function summary(version: ContainerVersion): readonly string[] {
  return version.elements
    .map(({ key, statedAt, resource }) => {
      const { status, valueQuantity } = resource as Observation;
      return `${key} ${status} ${statedAt} ${status === 'entered-in-error' ? '' : (valueQuantity?.value ?? '')}`;
    })
    .toSorted();
}

test('any order of arrival ends in the same statuses, times and values', () => {
  fc.assert(
    fc.property(inTwoOrders('FFCAPPRWD'), ([one, other]) => {
      expect(summary(ended(other))).toEqual(summary(ended(one)));
    }),
    RUNS,
  );
});

test('any order of final and corrected snapshots ends alike', () => {
  fc.assert(
    fc.property(inTwoOrders('FCA'), ([one, other]) => {
      const plain = (list: readonly Told[]) =>
        ended(
          list.map((message) => ({ ...message, report: 'F' })),
          'snapshot',
        );
      expect(summary(plain(other))).toEqual(summary(plain(one)));
    }),
    RUNS,
  );
});

test('a resend of any message already taken changes no element', () => {
  fc.assert(
    fc.property(messages('FCAPRWD'), fc.nat(), (list, pick) => {
      const head = ended(list);
      const again = mergeReport(head, told(list[pick % list.length] as Told), context());
      if (again.kind === 'new-version') expect(again.changed).toEqual([]);
      else expect(again.kind).toBe('unchanged');
    }),
    RUNS,
  );
});

test('after a retraction of the report, the newest statement of all, no entry is open to recognition', () => {
  fc.assert(
    fc.property(inTwoOrders('FCAPUVX'), fc.constantFrom('X', 'D', 'W'), fc.nat(), ([, list], letter, place) => {
      const retraction: Told = { at: day(20), report: letter };
      const at = place % (list.length + 1);
      const version = ended([...list.slice(0, at), retraction, ...list.slice(at)]);
      for (const { status } of entriesOf(version, CONTEXT)) {
        expect(['entered-in-error', 'cancelled']).toContain(status);
      }
    }),
    RUNS,
  );
});

test('a retracted result is never open to recognition, wherever its retraction arrives', () => {
  fc.assert(
    fc.property(inTwoOrders('FCAPUV'), fc.constantFrom('D', 'W'), fc.nat(), ([, list], letter, place) => {
      const retraction: Told = { at: day(20), report: 'F', results: { A: letter } };
      const at = place % (list.length + 1);
      const version = ended([...list.slice(0, at), retraction, ...list.slice(at)]);
      const entry = entriesOf(version, CONTEXT).find(({ code }) => code === 'A');
      expect(entry?.status).toBe('entered-in-error');
    }),
    RUNS,
  );
});

test('every Observation has exactly one entry', () => {
  fc.assert(
    fc.property(messages('FCAPWX'), (list) => {
      const version = ended(list);
      const observations = version.elements.filter(({ resource }) => resource.resourceType === 'Observation');
      expect(entriesOf(version, CONTEXT).map(({ element }) => element)).toEqual(
        observations.map(({ resource }) => resource.id),
      );
    }),
    RUNS,
  );
});
