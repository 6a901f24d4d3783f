/** `concord ecg`: a file as a page on millimetre paper, without a gateway. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { deflateSync } from 'node:zlib';
import { readEcgFile, type ReadEcg } from '../../../gateway/ecg/ecg-path.ts';
import { layOut } from '../../../render/lay-out.ts';
import { layOutComparison } from '../../../render/lay-out-comparison.ts';
import type { Page } from '../../../render/page.ts';
import { printPdf } from '../../../render/pdf.ts';
import { printSvg } from '../../../render/svg.ts';
import { withDerivedLeads } from '../../../signals/derive-leads.ts';
import { qualityOf } from '../../../signals/quality.ts';
import { flagSentence } from '../../../signals/quality-words.ts';
import type { Ecg } from '../../../terms/parsed/ecg.ts';
import { pageWish, type PageWished } from '../../../web/ecg/page-wish.ts';
import { besideFile } from '../beside-file.ts';
import { type Command, UsageFault } from './command.ts';

export const ecg: Command = {
  name: 'ecg',
  summary: 'show an ECG file: what it holds, and its page as SVG or PDF',
  usage: `concord ecg FILE [--svg OUT] [--pdf OUT] [--compare OTHER] [--layout L] [--speed S] [--gain G] [--lang zh|en] [--from SECONDS] [--hide-identity]

Prints what the file holds: format, leads, rate, measurements, problems, what speaks against the recording; and draws
its page. No database. Any format that is told by its content; a WFDB header is read with the signals beside it.

  --layout   3x4+1 (default), 6x2, 12x1, cabrera, rhythm
  --speed    12.5, 25 (default) or 50 mm/s;  --gain  5, 10 (default) or 20 mm/mV
  --compare  another recording of the same patient, laid beside this one
Ends with 1 when the file holds nothing that can be shown.`,
  run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        svg: { type: 'string' },
        pdf: { type: 'string' },
        compare: { type: 'string' },
        layout: { type: 'string' },
        speed: { type: 'string' },
        gain: { type: 'string' },
        lang: { type: 'string' },
        from: { type: 'string' },
        'hide-identity': { type: 'boolean', default: false },
      },
    });
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) throw new UsageFault('Name one file.');
    const wish = wishOf(values);
    const read = readFile(file);
    process.stdout.write(summaryOf(file, read));
    if (read.ecg === undefined || read.ecg.groups.length === 0) return Promise.resolve(1);
    const other = values.compare === undefined ? undefined : readFile(values.compare).ecg;
    if (values.compare !== undefined && other === undefined) throw new UsageFault('--compare names no readable ECG.');
    const page = pageOf(read.ecg, other, wish);
    if (values.svg !== undefined) writeFileSync(values.svg, printSvg(page));
    if (values.pdf !== undefined) writeFileSync(values.pdf, printPdf(page, { deflate: (bytes) => deflateSync(bytes) }));
    return Promise.resolve(0);
  },
};

function readFile(path: string): ReadEcg {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new UsageFault(`There is no readable file ${path}.`);
  }
  return readEcgFile(bytes, besideFile(path));
}

/** The same words as in the address of a page. */
function wishOf(values: Readonly<Record<string, string | boolean | undefined>>): PageWished {
  const query = new URLSearchParams();
  for (const name of ['layout', 'speed', 'gain', 'lang', 'from']) {
    const value = values[name];
    if (typeof value === 'string') query.set(name, value);
  }
  if (values['hide-identity'] === true) query.set('identity', 'hide');
  const wish = pageWish(query);
  if (!wish.ok) throw new UsageFault(`No page is drawn like that: --${wish.refusal.at ?? ''}.`);
  return wish.value;
}

function pageOf(own: Ecg, other: Ecg | undefined, { layout, ...how }: PageWished): Page {
  const both = other === undefined ? [own] : [own, other];
  const warnings = [...new Set(both.flatMap((one) => qualityOf(one).map((flag) => flagSentence(flag, how.language))))];
  if (other === undefined) return layOut({ ...how, warnings, ecg: own, layout });
  const [earlier = own, later = other] = both.toSorted((left, right) => timeOf(left) - timeOf(right));
  return layOutComparison(earlier, later, { ...how, warnings });
}

function timeOf({ acquisition }: Ecg): number {
  const at = Date.parse(acquisition.start ?? '');
  return Number.isNaN(at) ? 0 : at;
}

/** Neither name nor number of the patient: a terminal is no chart. */
function summaryOf(file: string, { ecg: read, problems }: ReadEcg): string {
  const told = problems.map(({ severity, code, at }) => `  ${severity} ${code} ${at}\n`).join('');
  if (read === undefined) return `${file}: nothing that can be shown\n${told}`;
  const groups = [...read.groups, ...read.medians].map(({ kind, rate, leads }) => {
    const own = leads.filter(({ derived }) => !derived);
    const names = withDerivedLeads(own).map(({ name, derived }) => (derived ? `(${name})` : name));
    return `  ${kind} ${own[0]?.samples.length ?? 0} samples at ${rate.hz} Hz: ${names.join(' ')}\n`;
  });
  const measured = read.measurements
    .filter(({ lead }) => lead === undefined)
    .map(({ kind, value }) => `${kind} ${value}`)
    .join(', ');
  const quality = qualityOf(read).map((flag) => `  ! ${flagSentence(flag, 'en')}\n`);
  return [
    `${file}: ${read.format}${read.version === undefined ? '' : ` ${read.version}`}, ${read.confirmed ?? 'not said whether confirmed'}\n`,
    ...groups,
    measured === '' ? '' : `  ${measured}\n`,
    ...quality,
    told,
  ].join('');
}
