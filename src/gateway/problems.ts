/** Sentences of problems and refusals made by the gateway itself: *what (where) — what to do next*. */
import type { ProblemSentences } from '../base/problem.ts';

export const SENTENCES = {
  'gateway/control-id-reused':
    'This control id was used before with other bytes (MSH-10) — processed; give each message its own control id.',
  'gateway/not-mappable':
    'The message could not be mapped (MSH) — it is kept and waits; tell the operator, then replay it.',
  'gateway/job-failed': 'Work for later failed (gateway) — it is tried again; tell the operator if it stays.',
  'gateway/no-report': 'The message holds no report (OBR, OBX) — it was kept; send it whole.',
  'gateway/results-unaccounted':
    'A result is neither stored nor told as a problem (OBX) — the message is kept; tell the operator.',
  'gateway/code-too-long': 'The code is longer than any code (OBX-3) — it is kept as text; it can be on no card.',
  'gateway/unknown-trigger': 'This message type is not taken here (MSH-9) — send ORU^R01, ORU^R30 or OUL^R22 to R24.',
  'gateway/no-catalogue': 'No catalogue is imported (catalogue) — run `concord catalogue import`.',
  'gateway/unknown-facility': 'There is no such facility (facility) — run `concord facility add` first.',
  'gateway/reserved-id': 'This id is the region’s own (id) — give the facility another id.',
  'gateway/unknown-parent':
    'There is no such parent, or it is the facility itself (parent) — add the parent first, or leave it out.',
  'gateway/profile-change':
    'The facility is known with another profile of keys (profile) — state the one it has, or say --replace: what is stored keeps its keys.',
  'gateway/too-many-messages': 'The frame holds too many messages (MSH) — none was taken; send fewer in one.',
  'gateway/unknown-channel': 'There is no such channel (channel) — run `concord channel add` first.',
  'gateway/unknown-target':
    'The active catalogue has no such target (target, rows counted without the heading) — mend these rows; nothing was taken.',
  'gateway/channel-exists':
    'A channel with this id exists already (id) — choose another id, or run `concord channel rotate` for a new secret.',
  'gateway/channel-taken':
    'Another channel is told by this port and source address (port) — give this one a port or an address of its own.',
  'gateway/channel-revoked': 'The channel is revoked (channel) — add another one; a revoked id is not given again.',
  'gateway/no-channel':
    'No single channel fits this port and source address (MLLP) — run `concord channel add` with --port and --from.',
  'gateway/unknown-offer': 'There is no such offer for this facility (offer) — send the offer id of the answer.',
  'gateway/unknown-envelope': 'There is no such envelope (envelope) — list them with `concord replay --list`.',
  'gateway/unknown-patient': 'There is no such patient (patient) — take the ids from `concord identity list`.',
  'gateway/too-many-orders': 'The question holds too many orders (orders) — ask in parts.',
  'gateway/order-key-repeated': 'Two orders of the question have one key (orders) — give each order a key of its own.',
  'gateway/database-gone': 'The database cannot be reached (gateway) — send again later; nothing was taken.',
  'gateway/unexpected-sender':
    'The sender is none of those that the facility lists (MSH-4) — check the channel or the list; the channel decides.',
  'gateway/channel-kind': 'The channel is of another kind (channel) — use a channel of the kind that this door needs.',
} as const satisfies ProblemSentences;

export type GatewayCode = keyof typeof SENTENCES;
