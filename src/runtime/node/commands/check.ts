/** `concord check`: asks as a facility would, for trying things; leaves no offer behind. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withGateway } from '../admin-client.ts';
import { type Command, printJson, readable, required, UsageFault } from './command.ts';

export const check: Command = {
  name: 'check',
  summary: 'ask whether there is a result to use',
  usage: `concord check --facility ID --question FILE

FILE holds the body of POST /recognition/check:
{"patient":{"identifiers":[{"system":"urn:oid:2.16.156.10011.1.3","value":"…"}],"name":"…","birthDate":"…","sex":"…"},
 "encounter":"…","orders":[{"key":"1","code":{"system":"","code":"…"}}]}
Audited as the administrator's; no offer and no ledger entry is made.`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { facility: { type: 'string' }, question: { type: 'string' } },
    });
    const question = readQuestion(required(values.question, '--question'));
    const facility = required(values.facility, '--facility');
    return withGateway(async (client) => {
      printJson(await client.post('/check', { ...question, facility }));
      return 0;
    });
  },
};

/** The parser's own error would print what stands in the file. */
function readQuestion(file: string): object {
  const text = readable(file, (path) => readFileSync(path, 'utf8'));
  let question: unknown;
  try {
    question = JSON.parse(text);
  } catch {
    throw new UsageFault('FILE is not JSON.');
  }
  if (typeof question !== 'object' || question === null) throw new UsageFault('FILE holds no JSON object.');
  return question;
}
