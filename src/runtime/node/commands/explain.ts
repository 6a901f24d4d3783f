/** `concord explain`: an old decision made again from what its offer kept, and whether anything differs. */
import { withGateway } from '../admin-client.ts';
import { type Command, required } from './command.ts';

interface Explained {
  readonly offer: string;
  readonly at: string;
  readonly asker: string;
  readonly catalogue: string;
  readonly target: string;
  readonly decision: string;
  readonly coverage: string;
  readonly missing: readonly string[];
  readonly items: readonly {
    readonly item: string;
    readonly decision: string;
    readonly collected?: string;
    readonly facility?: { readonly name: string };
    readonly checks: readonly {
      readonly code: string;
      readonly state: string;
      readonly why: { readonly zh: string };
    }[];
  }[];
  readonly same: boolean;
  readonly differences: readonly { readonly at: string; readonly kept: string; readonly made: string }[];
}

export const explain: Command = {
  name: 'explain',
  summary: 'make an old decision again, with its reasons',
  usage: `concord explain OFFER

Makes the decision of an offer again from what was kept with it: the results and their versions, the person's records,
the facilities, what was said of the patient, and the catalogue by its digest, all as they were. Prints every check with
its sentence. Ends with 1 and lists what differs when the decision of today's program is not the one that was shown.`,
  async run(args) {
    const offer = required(args[0], 'OFFER');
    return withGateway(async (client) => {
      const explained = await client.get<Explained>(`/offers/${encodeURIComponent(offer)}/explanation`);
      process.stdout.write(
        lines(explained)
          .map((line) => `${line}\n`)
          .join(''),
      );
      return explained.same ? 0 : 1;
    });
  },
};

function lines(of: Explained): readonly string[] {
  const missing = of.missing.length === 0 ? '' : `, missing ${of.missing.join(' ')}`;
  return [
    `${of.target} asked by ${of.asker} at ${of.at}: ${of.decision}, coverage ${of.coverage}${missing}`,
    `catalogue ${of.catalogue}`,
    ...of.items.flatMap(({ item, decision, collected, facility, checks }) => [
      `${item} ${decision}${collected === undefined ? '' : `: collected ${collected} at ${facility?.name ?? ''}`}`,
      ...checks
        .filter(({ state }) => state !== 'not-applicable')
        .map(({ code, state, why }) => `  ${state.padEnd(8)}${code.padEnd(16)}${why.zh}`),
    ]),
    ...(of.same
      ? ['made again: the same']
      : of.differences.map(({ at, kept, made }) => `differs at ${at}: ${kept || '–'} → ${made || '–'}`)),
  ];
}
