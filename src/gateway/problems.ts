/** Sentences of problems and refusals made by the gateway itself: *what (where) — what to do next*. */
import type { ProblemSentences } from '../base/problem.ts';

export const SENTENCES = {
  'gateway/control-id-reused':
    'This control id was used before with other bytes (MSH-10) — processed; give each message its own control id.',
  'gateway/not-mappable':
    'The message could not be mapped (MSH) — it is kept and waits; tell the operator, then replay it.',
  'gateway/job-failed': 'Work for later failed (gateway) — it is tried again; tell the operator if it stays.',
  'gateway/recording-nearly-equal':
    'The patient has a recording of the same moment that is nearly equal (recording) — likely one, converted; both are kept, look which to use.',
  'gateway/no-report': 'The message holds no report (OBR, OBX) — it was kept; send it whole.',
  'gateway/results-unaccounted':
    'A result is neither stored nor told as a problem (OBX) — the message is kept; tell the operator.',
  'gateway/code-too-long': 'The code is longer than any code (OBX-3) — it is kept as text; it can be on no card.',
  'gateway/unknown-trigger': 'This message type is not taken here (MSH-9) — send ORU^R01, ORU^R30 or OUL^R22 to R24.',
  'gateway/bad-span': 'Not a span of days (from, to) — write YYYY-MM-DD, the first day first.',
  'gateway/bad-month': 'Not a month (month) — write YYYY-MM.',
  'gateway/no-inputs':
    'The offer is older than the keeping of what a decision rests on (offer) — it cannot be made again.',
  'gateway/unknown-catalogue': 'No such version of the catalogue (digest) — see `concord catalogue list`.',
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
  'gateway/channel-signs':
    'The channel signs and has no secret (channel) — give it new keys by `concord channel keys`, or add another channel.',
  'gateway/client-keys-unread':
    'A client’s keys cannot be read at their address (jwksUrl) — look at the address and OUTBOUND_HOSTS; until then its assertions are refused.',
  'gateway/no-channel':
    'No single channel fits this port and source address (MLLP) — run `concord channel add` with --port and --from.',
  'gateway/no-such-result': 'The offer showed no such result (item) — name an item that the card showed.',
  'gateway/issuer-taken': 'Another channel has this issuer (issuer) — an issuer speaks for one channel.',
  'gateway/unknown-notice': 'There is no such open notice for this facility (id) — list the open ones.',
  'gateway/unknown-offer': 'There is no such offer for this facility (offer) — send the offer id of the answer.',
  'gateway/unknown-envelope': 'There is no such envelope (envelope) — list them with `concord replay --list`.',
  'gateway/unknown-patient': 'There is no such patient (patient) — take the ids from `concord identity list`.',
  'gateway/same-patient': 'A record cannot be linked to itself (to) — name two records.',
  'gateway/too-many-orders': 'The question holds too many orders (orders) — ask in parts.',
  'gateway/order-key-repeated': 'Two orders of the question have one key (orders) — give each order a key of its own.',
  'gateway/database-gone': 'The database cannot be reached (gateway) — send again later; nothing was taken.',
  'gateway/database-full':
    'The disk of the database has no room (database) — make room; nothing more is taken until then, and what was acknowledged is kept.',
  'gateway/database-read-only': 'The database takes no writes (database) — point the gateway at the primary.',
  'gateway/database-version':
    'The schema of the database is not the one of this version (database) — run `concord migrate`, or the version that it is of.',
  'gateway/unexpected-sender':
    'The sender is none of those that the facility lists (MSH-4) — check the channel or the list; the channel decides.',
  'gateway/channel-kind': 'The channel is of another kind (channel) — use a channel of the kind that this door needs.',
  'gateway/no-outbound': 'No address outside may be spoken to (OUTBOUND_HOSTS) — set the hosts that may.',
  'gateway/type-not-written': 'This resource type is not written here (resourceType) — take one of /fhir/metadata.',
  'gateway/id-not-given':
    'There is no resource of yours with this id (address) — create it and take the id that it is given; ids are not chosen by clients.',
  'gateway/owned-by-message':
    'This resource came in a message (address) — correct it by a message of its sender; it is not updated over FHIR.',
  'gateway/version-conflict':
    'The resource has another version than was stated (If-Match) — read it again, and send the update anew.',
  'gateway/several-match': 'More than one resource fits the condition (condition) — state one that fits one alone.',
  'gateway/reference-not-there':
    'A reference leads to nothing of yours (reference) — create what it names first, or send both in one transaction.',
  'gateway/bad-condition':
    'The condition is not one that is taken here (If-None-Exist, query) — name identifiers: identifier=system|value.',
  'gateway/bad-bundle-entry':
    'The entry asks for what a bundle cannot do here (entry.request) — POST or PUT a resource, or GET one.',
  'gateway/bundle-type':
    'A bundle of this type is not taken here (Bundle.type) — send a transaction, a batch or a message.',
  'gateway/too-many-entries': 'The bundle holds too many entries (entry) — send it in parts; nothing was taken.',
  'gateway/type-mismatch':
    'The body is another resource than the address names (resourceType, id) — send the one that it names.',
  'gateway/not-valid': 'The resource is not right by R4 (body) — mend what the issues name; nothing was taken.',
  'gateway/bad-criteria':
    'The criteria are none that a subscription takes (Subscription.criteria) — ask for Observation or DiagnosticReport by patient, code, category or status.',
  'gateway/bad-endpoint':
    'The endpoint may not be spoken to (Subscription.channel.endpoint) — ask the operator to allow its host.',
  'gateway/bad-subscription':
    'The subscription is not one that is served (Subscription) — use a rest-hook with JSON, safe headers and status requested or off.',
  'gateway/too-many-subscriptions':
    'The facility has as many subscriptions as it may (Subscription) — turn one off first.',
  'gateway/subscription-off': 'The subscription was turned off (subscription) — the notification was not sent.',
  'gateway/not-open':
    'What it tells of is not open to the subscriber any more (subscription) — the notification was not sent.',
  'gateway/unknown-delivery':
    'There is no dead notification with this id (delivery) — list them with `concord subscription dead`.',
  'gateway/unknown-glass':
    'There is no such opening that waits for a judgement (id) — list them with `concord break-glass list`.',
  'gateway/too-much-glass':
    'This channel has broken the glass too often within an hour (Concord-Purpose) — name the encounter that you treat, or call the operator.',
  'gateway/consent-meaning':
    'The consent is finer than what is understood here (Consent) — say patient-privacy and deny or permit, for one patient, and nothing more.',
  'gateway/unknown-upstream':
    'The facility has no FHIR server to read from, or its channel is closed (facility) — run `concord upstream add`.',
  'gateway/endpoint-gone': 'The endpoint says that it is gone (endpoint) — the subscription was turned off.',
  'gateway/endpoint-refused': 'The endpoint did not take the notification (endpoint) — it is tried again for a day.',
  'gateway/not-there':
    'There is no such resource, or it is not open to you (address) — check the id, or name the encounter that you treat.',
  'gateway/scope':
    'The token does not carry the scope for this (Authorization) — ask for a token or a channel that has it.',
  'gateway/bad-cursor': 'This is no next link of yours, or it is too old (_cursor) — begin the search anew.',
  'gateway/search-too-broad':
    'The search names nobody (query) — name a patient, an identifier or an id, or ask for your own feed by _lastUpdated.',
  'gateway/bad-max': 'How many of each code is not said in a number (max) — write a whole number from 1.',
  'gateway/unknown-map':
    'There is no such concept map (url) — name urn:concord:conceptmap:results or urn:concord:conceptmap:orders.',
  'gateway/search-too-large': 'The search would have to look at too much (query) — narrow it by code or by type.',
  'gateway/feed-order': 'A feed is in the order of its changes (_sort) — sort by _lastUpdated, or name a patient.',
  'gateway/unknown-value-set':
    'There is no such value set (code:in) — name an item or a panel: urn:concord:valueset:item:ID, urn:concord:valueset:panel:ID.',
  'gateway/sample-catalogue':
    'The active catalogue is sample data (catalogue) — import one that the region has confirmed before anything is recognised for real.',
  'gateway/silent':
    'Nothing of these facilities was stored for days (facility) — call them, or look at their channels.',
  'gateway/never-sent':
    'These facilities have a channel and never sent a result (facility) — finish their onboarding, or revoke the channel.',
  'gateway/upstream-fails':
    'The last reading of these facilities’ own servers failed (facility) — run `concord pull` and see why.',
  'gateway/work-late':
    'Work is due for long and nobody does it (job) — see that a gateway serves, and what its log says.',
  'gateway/unsealed-late':
    'Ledger entries wait for their seal for too long (ledger) — see that a gateway serves, then run `concord ledger verify`.',
  'gateway/deliveries-dead':
    'Notifications were given up (subscription) — list them with `concord subscription dead`, and redeliver.',
  'gateway/quarantined':
    'Messages are kept and wait (envelope) — list them with `concord replay --list --outcome quarantined`.',
  'gateway/unmapped': 'Codes have no map, and their results are on no card (code) — run `concord codes unmapped`.',
  'gateway/identities-open': 'Records wait for a steward (patient) — run `concord identity list`.',
  'gateway/glasses-open': 'Openings in an emergency wait for a judgement (patient) — run `concord break-glass list`.',
} as const satisfies ProblemSentences;

export type GatewayCode = keyof typeof SENTENCES;
