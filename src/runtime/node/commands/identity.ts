/** `concord identity list|link|unlink|opt-out`: the steward's queue. Ids only, never a number or a name. */
import { parseArgs } from 'node:util';
import { withGateway } from '../admin-client.ts';
import { type Command, printJson, required, UsageFault } from './command.ts';

export const identity: Command = {
  name: 'identity',
  summary: 'list the identity queue, link, unlink, opt out',
  usage: `concord identity list
concord identity link    --patient FACILITY/BUCKET/ID --to FACILITY/BUCKET/ID --steward NAME
concord identity unlink  --patient FACILITY/BUCKET/ID --steward NAME
concord identity opt-out --patient FACILITY/BUCKET/ID --steward NAME [--undo]

The list prints conflicts, possible matches and suspended links by ids. Links have a history and are undone
without loss; results stay with the facility's patient.`,
  async run(args) {
    const [act, ...rest] = args;
    if (act === 'list') return withGateway(async (client) => (printJson(await client.get('/identity')), 0));
    if (act !== 'link' && act !== 'unlink' && act !== 'opt-out')
      throw new UsageFault('Say list, link, unlink or opt-out.');
    const { values } = parseArgs({
      args: rest,
      options: {
        patient: { type: 'string' },
        to: { type: 'string' },
        steward: { type: 'string' },
        undo: { type: 'boolean', default: false },
      },
    });
    const body = {
      patient: patientOf(required(values.patient, '--patient')),
      to: values.to === undefined ? undefined : patientOf(values.to),
      steward: required(values.steward, '--steward'),
      optOut: !values.undo,
    };
    if (act === 'link' && body.to === undefined) throw new UsageFault('--to is needed.');
    return withGateway(async (client) => (printJson(await client.post(`/identity/${act}`, body)), 0));
  },
};

function patientOf(text: string): { facility: string; bucket: number; patient: string } {
  const [facility = '', bucket = '', patient = ''] = text.split('/');
  if (!/^\d+$/.test(bucket) || patient === '') throw new UsageFault('A patient is named FACILITY/BUCKET/ID.');
  return { facility, bucket: Number(bucket), patient };
}
