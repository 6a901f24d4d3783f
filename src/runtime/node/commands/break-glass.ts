/** `concord break-glass list|judge`: results that were opened without a treating relationship, and whether that was right. */
import { parseArgs } from 'node:util';
import { withGateway } from '../admin-client.ts';
import { type Command, printJson, required, UsageFault } from './command.ts';

export const breakGlass: Command = {
  name: 'break-glass',
  summary: 'review results that were opened in an emergency',
  usage: `concord break-glass list [--all]
concord break-glass judge ID --as justified|unjustified --by NAME

Each opening names who opened whose results, when and why; it waits here until somebody has looked at it.`,
  async run(args) {
    const [act, ...rest] = args;
    const { values, positionals } = parseArgs({
      args: rest,
      allowPositionals: true,
      options: { all: { type: 'boolean', default: false }, as: { type: 'string' }, by: { type: 'string' } },
    });
    if (act === 'list') {
      return withGateway(
        async (client) => (printJson(await client.get(`/break-glass${values.all ? '?all=1' : ''}`)), 0),
      );
    }
    if (act !== 'judge') throw new UsageFault('Say list or judge.');
    const path = `/break-glass/${encodeURIComponent(required(positionals[0], 'ID'))}`;
    const judgement = { as: required(values.as, '--as'), by: required(values.by, '--by') };
    return withGateway(async (client) => (printJson(await client.post(path, judgement)), 0));
  },
};
