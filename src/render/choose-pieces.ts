/** Which samples fill a place: those of its seconds, recorded before derived, never two curves over one another. */
import { endOf, type Piece, piecesNamed, type Recording } from './recording.ts';
import type { Place } from './page-plan.ts';

export interface Chosen {
  readonly pieces: readonly Piece[];
  /** Of the lead upside down: −aVR of aVR. */
  readonly inverted: boolean;
  /** The place with the seconds that are really shown. */
  readonly place: Place;
  /** The lead was not recorded in the place's seconds and is shown from its own beginning. */
  readonly ownTime: boolean;
}

const OPPOSITES: Readonly<Record<string, string>> = { '-aVR': 'aVR', aVR: '-aVR' };

/** Pieces of one place; each is compared with all others. */
const PIECES_MAX = 200;

/** Without pieces the file does not hold the lead, or (`ownTime` forbidden) not in these seconds. */
export function choosePieces(recording: Recording, place: Place, mayBeOwnTime: boolean): Chosen {
  const straight = piecesNamed(recording, place.lead);
  const opposite = OPPOSITES[place.lead];
  const inverted = straight.length === 0 && opposite !== undefined;
  const pieces = inverted ? piecesNamed(recording, opposite) : straight;
  const within = withoutOverlap(pieces, place);
  if (within.length > 0 || pieces.length === 0 || !mayBeOwnTime) {
    return { pieces: within, inverted, place, ownTime: false };
  }
  const longest = pieces.reduce((best, piece) => (endOf(piece) - piece.from > endOf(best) - best.from ? piece : best));
  const moved = { ...place, from: longest.from, to: longest.from + place.to - place.from };
  return { pieces: [longest], inverted, place: moved, ownTime: true };
}

function withoutOverlap(pieces: readonly Piece[], place: Place): readonly Piece[] {
  const ranked = pieces
    .map((piece) => ({
      piece,
      from: Math.max(piece.from, place.from),
      to: Math.min(endOf(piece), place.to),
    }))
    .filter(({ from, to }) => to > from)
    .toSorted((a, b) => rankOf(a.piece) - rankOf(b.piece) || b.to - b.from - (a.to - a.from));
  if (ranked.length > PIECES_MAX) ranked.length = PIECES_MAX;
  const taken: (typeof ranked)[number][] = [];
  for (const candidate of ranked) {
    if (taken.every(({ from, to }) => candidate.to <= from || to <= candidate.from)) taken.push(candidate);
  }
  return taken.map(({ piece }) => piece);
}

function rankOf({ lead }: Piece): number {
  return lead.derived === true ? 1 : 0;
}
