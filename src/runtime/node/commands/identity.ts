/** `concord identity list|link|unlink|opt-out`: the steward's queue. Ids only, never a number or a name. */
import { parseArgs } from 'node:util';
import { withGateway } from '../admin-client.ts';
import { type Command, printJson, required, UsageFault } from './command.ts';

const KINDS: readonly string[] = ['conflict', 'suspended', 'possible'];

export const identity: Command = {
  name: 'identity',
  summary: 'list the identity queue, link, unlink, opt out',
  usage: `concord identity list    [--kind conflict|suspended|possible]
concord identity link    --patient FACILITY/BUCKET/ID --to FACILITY/BUCKET/ID --steward NAME
concord identity unlink  --patient FACILITY/BUCKET/ID --steward NAME
concord identity opt-out --patient FACILITY/BUCKET/ID --steward NAME [--undo]

The list prints by ids, 500 at most: conflicts first, then suspended links, then possible matches. Links have a history and are undone
without loss; results stay with the facility's patient.`,
  async run(args) {
    const [act, ...rest] = args;
    if (act === 'list') {
      const { values } = parseArgs({ args: rest, options: { kind: { type: 'string' } } });
      if (values.kind !== undefined && !KINDS.includes(values.kind))
        throw new UsageFault(`--kind is one of ${KINDS.join(', ')}.`);
      const query = values.kind === undefined ? '' : `?kind=${values.kind}`;
      return withGateway(async (client) => (printJson(await client.get(`/identity${query}`)), 0));
    }
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
