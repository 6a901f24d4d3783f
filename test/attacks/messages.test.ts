/** Hostile messages: whatever a field holds, the message is kept and answered, and the next one is too. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { finishPending } from '../../src/gateway/run-jobs.ts';
import { CITY, COUNTY, openWorld, type TestDatabase, type TestWorld, TOWN } from '../support/gateway.ts';
import { openSql } from '../support/sql.ts';
import { oru } from '../support/messages.ts';
import { openAttacked, asking, electrolytes, factsOf, newVictim, shownOf } from './attack-world.ts';

let database: TestDatabase;
let world: TestWorld;
let sql: ReturnType<typeof openSql>;
beforeAll(async () => {
  database = await openAttacked();
  world = await openWorld(database);
  sql = openSql(database.url);
});
afterAll(async () => {
  await sql.end();
  await world.close();
  await database.close();
});

/** One of everything that is mapped; @ID makes each its own. */
const SEGMENTS = [
  'MSH|^~\\&|LIS|TEST|HIE|REGION|20260301101500||ORU^R01|@ID|P|2.5.1||||||UNICODE UTF-8|zh',
  'SFT|v^a|1.0|prod|bin|info|20260101',
  'PID|1|EXT^^^A^PI|M@ID^^^A^MR|ALT|张试验^^|母|19700305|M|别^名|5|路^x^市^^100000|CN|138|139|zh|S|X|ACC^^^|SSN|DL|MO|H|地|N|1|CN|V|CN|20260301|N',
  'PD1|||org^x|doc^d',
  'NK1|1|李^四|MTH|addr|138',
  'PV1|1|I|ward^1^2|R|pre|old|doc^d|ref^d|con^d|SUR|t|p|r|a|x|v|adm^d|pt|VN^^^A^VN|fc',
  'ORC|RE|PL|FL|GRP|CM||1^^^2026|parent|20260301|ent^e|ver^v|ord^o|loc|138|20260301|r|org',
  'OBR|1|PL@ID|FL@ID|CBC^血^L|R|20260301|20260301083000|20260301084000|10^mL|col^c|A|dang|clin|20260301|BLD&血&L^^|ord^o|138|p|p|f|f|20260301101500|chg|LAB|F|par&x|1^^^2026|copy^c|par^x|WALK|reason^r|int&i|ass&i|tech&t|trans&t|20260301',
  'TQ1|1|1|Q1|08|x|y|20260301|20260302|R',
  'NTE|1|L|note text|RE',
  'OBX|1|NM|WBC^白^L|1|6.2|10^9/L|3.5-9.5|N|0.5|N|F|20260101|acc|20260301083000|prod^p|obs^o|meth^m|eq^e|20260301|||||org^o|addr|dir^d',
  'SPM|1|SP1&A^SP2&B|par|BLD^血^L|mod|add|col|site|sm|cs|role|5^mL|1|desc|hand|risk|20260301083000|20260301090000',
  'OBX|2|CWE|XX^x^L|1|A^b^C|u|r|N||N|F',
  'OBX|3|SN|YY^x^L|1|>^5|u|1-2|N||N|F',
  'OBX|4|TS|ZZ^x^L|1|20260101|u|1-2|N||N|F',
  'OBX|5|ED|ED^x^L|1|app^text^plain^Base64^QUJD|||N||N|F',
];
/** What must stay for the message to be one, by place after a split at `|`: delimiters, trigger, control id, version, who wants an answer, character set. */
const FIXED: Readonly<Record<string, readonly number[]>> = { MSH: [1, 8, 9, 11, 14, 15, 17], OBX: [2] };

/** Letters that no compression makes short: index keys have a limit of their own. */
function noise(length: number, first = 0x41, count = 26): string {
  let state = 7;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return String.fromCodePoint(first + ((state >> 8) % count));
  }).join('');
}

const HOSTILE: readonly (readonly [string, string])[] = [
  ['NUL', 'A\0B'],
  ['six thousand letters', noise(6_000)],
  ['four thousand ideographs', noise(4_000, 0x4e00, 20_000)],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['no characters (U+FFFE, U+FFFF)', 'A\uFFFEB\uFFFF'],
  ['terminal controls', 'A\u0001\u0007\u001b[31mB\u007f'],
  ['the year 0', '00000101000000'],
  ['a time after the year 9999', '99991231235959-1400'],
  ['an impossible zone', '20260301000000+9999'],
  ['an enormous exponent', '1e999999999'],
  ['four hundred digits', '9'.repeat(400)],
  ['three hundred decimals', `0.${'0'.repeat(300)}1`],
  ['escapes of NUL and half a pair', '\\X00\\\\XD800\\\\C2842\\\\M2442\\\\Zx\\'],
  ['separators only', '~~~^^^&&&'],
  ['null', '""'],
  ['SQL', "'; drop table envelope;--"],
];

let messages = 0;

/** Spoilt together, so that one message tries them all. */
const GROUPS = [
  ['MSH', 'SFT'],
  ['PID', 'PD1', 'NK1', 'PV1'],
  ['ORC', 'OBR', 'TQ1', 'NTE'],
  ['OBX', 'SPM'],
] as const;

function spoil(segment: string, value: string): string {
  const [name = '', ...fields] = segment.split('|');
  const fixed = FIXED[name] ?? [];
  return [name, ...fields.map((field, at) => (fixed.includes(at + 1) ? field : value))].join('|');
}

test.each(HOSTILE)('%s in every field of a segment is kept and answered', async (_, value) => {
  for (const group of GROUPS) {
    const names: readonly string[] = group;
    const text = SEGMENTS.map((one) => (names.includes(one.slice(0, 3)) ? spoil(one, value) : one)).join('\r');
    const received = await world.send(COUNTY, `${text.replaceAll('@ID', `H${messages++}`)}\r`);
    expect(['AA', 'AE']).toContain(received.code);
    const [kept] = await sql`select outcome from envelope where id = ${received.envelope}`;
    expect(['stored', 'quarantined']).toContain(kept?.['outcome']);
  }
});

describe('a poisoned message', () => {
  test('does not stop the messages behind it on its channel, accepted first or not', async () => {
    const accepted = (text: string) => text.replace('|P|2.4||||', '|P|2.4|||AL|NE');
    const poison = `NM|${noise(6_000)}^x^L||1|mmol/L|||||F`;
    const first = await world.send(
      TOWN,
      accepted(oru({ controlId: 'POISON', patient: newVictim(), results: [poison] })),
    );
    const second = await world.send(TOWN, accepted(oru({ controlId: 'BEHIND', patient: newVictim() })));
    expect([first.code, second.code]).toEqual(['CA', 'CA']);
    await finishPending(world.gateway);
    const [behind] = await sql`select outcome from envelope where id = ${second.envelope}`;
    expect(behind?.['outcome']).toBe('stored');
    expect(await sql`select 1 from job where ordering_key like 'town%'`).toEqual([]);
  });
});

describe('a control id', () => {
  test('of one facility says nothing about another’s', async () => {
    const [mine, theirs] = [newVictim(), newVictim()];
    const first = await world.send(COUNTY, electrolytes({ controlId: 'SHARED', patient: mine }));
    const other = await world.send(CITY, electrolytes({ controlId: 'SHARED', patient: theirs }));
    expect([first.resend, other.resend]).toEqual([false, false]);
    expect(other.problems.map(({ code }) => code)).not.toContain('gateway/control-id-reused');
    // The very same bytes from another facility are its own message, and no answer of the first.
    const copied = await world.send(TOWN, electrolytes({ controlId: 'SHARED', patient: mine }));
    expect(copied.resend).toBe(false);
  });

  test('sent two hundred times at once is one envelope and one report', async () => {
    const victim = newVictim();
    const text = electrolytes({ controlId: 'FLOOD', patient: victim });
    const received = await Promise.all(Array.from({ length: 200 }, () => world.send(COUNTY, text)));
    expect(new Set(received.map(({ envelope }) => envelope)).size).toBe(1);
    expect(new Set(received.map(({ ack }) => new TextDecoder().decode(ack))).size).toBe(1);
    const [{ receipts } = { receipts: 0 }] =
      await sql`select receipts from envelope where id = ${received[0]?.envelope ?? ''}`;
    expect(receipts).toBe(200);
    expect(shownOf(await world.ask(CITY, asking(factsOf(victim, `C${victim.mrn}`))))).toEqual([COUNTY]);
  });

  test('with fifty different contents at once loses none and doubles none', async () => {
    const victim = newVictim();
    const texts = Array.from({ length: 50 }, (_, n) =>
      oru({
        controlId: 'REUSED',
        filler: `RE${n % 5}`,
        patient: victim,
        reported: `202603011015${String(n).padStart(2, '0')}`,
      }),
    );
    const received = await Promise.all(texts.map((text) => world.send(COUNTY, text)));
    expect(new Set(received.map(({ envelope }) => envelope)).size).toBe(50);
    const rows = await sql`
      select r.container, r.element from result_entry r join container c on c.id = r.container and c.bucket = r.bucket
      where r.known_to is null and c.envelope in ${sql(received.map(({ envelope }) => envelope))}
      group by r.container, r.element, r.version`;
    expect(new Set(rows.map((row) => row['container'])).size).toBe(5);
    expect(new Set(rows.map((row) => `${row['container']} ${row['element']}`)).size).toBe(25);
  });
});
