-- Written by scripts/dump-schema.ts from the migrated database; do not edit.

create table asked_order (
  id text collate "C" not null,
  at timestamp(3) with time zone not null,
  facility text collate "C" not null,
  target text collate "C" not null,
  verdict text collate "C" not null,
  coverage text collate "C" not null,
  patient_mac text collate "C" not null,
  encounter_mac text collate "C" not null,
  order_mac text collate "C" not null,
  offer text collate "C",
  bucket smallint,
  patient text collate "C",
  catalogue_digest text collate "C" default ''::text not null,
  practitioner_mac text collate "C" default ''::text not null,
  level smallint default 0 not null,
  specialty text collate "C" default ''::text not null,
  visit_class text collate "C" default ''::text not null,
  payer text collate "C" default ''::text not null,
  key_id text collate "C",
  inputs bytea,
  constraint asked_order_pkey PRIMARY KEY (id)
);

create table assertion (
  channel text collate "C" not null,
  mac text collate "C" not null,
  expires_at timestamp(3) with time zone not null,
  constraint assertion_channel_mac_pk PRIMARY KEY (channel, mac)
);

create table audit_event (
  id text collate "C" not null,
  at timestamp(3) with time zone not null,
  facility text collate "C",
  actor text collate "C" not null,
  action text collate "C" not null,
  patient_mac text collate "C" not null,
  encounter_mac text collate "C" not null,
  purpose text not null,
  outcome text collate "C" not null,
  detail text not null,
  resource text collate "C" not null,
  key_id text collate "C",
  query bytea,
  constraint audit_event_pkey PRIMARY KEY (id)
);

create table break_glass (
  id text collate "C" not null,
  at timestamp(3) with time zone not null,
  facility text collate "C" not null,
  channel text collate "C" not null,
  bucket smallint not null,
  patient text collate "C" not null,
  encounter_mac text collate "C" not null,
  key_id text collate "C" not null,
  reason bytea not null,
  until timestamp(3) with time zone not null,
  reviewed_at timestamp(3) with time zone,
  reviewed_by text collate "C",
  judgement text collate "C",
  constraint break_glass_pkey PRIMARY KEY (id)
);

create table catalogue (
  digest text collate "C" not null,
  sample boolean not null,
  imported_at timestamp(3) with time zone not null,
  active boolean not null,
  content text not null,
  constraint catalogue_pkey PRIMARY KEY (digest)
);

create table channel (
  id text collate "C" not null,
  facility text collate "C" not null,
  kind text collate "C" not null,
  test boolean not null,
  port integer,
  source text collate "C",
  secret_hash text collate "C",
  revoked_at timestamp(3) with time zone,
  jwks text,
  jwks_url text,
  scopes text,
  issuer text collate "C",
  orders text collate "C",
  constraint channel_pkey PRIMARY KEY (id)
);

create table code_map (
  facility text collate "C" not null,
  kind text collate "C" not null,
  code text collate "C" not null,
  system text collate "C" not null,
  display text not null,
  target text collate "C" not null,
  constraint code_map_facility_kind_code_pk PRIMARY KEY (facility, kind, code)
);

create table concord_migration (
  tag text not null,
  digest text not null,
  applied_at timestamp with time zone not null,
  constraint concord_migration_pkey PRIMARY KEY (tag)
);

create table container (
  bucket smallint not null,
  id text collate "C" not null,
  version integer not null,
  kind text collate "C" not null,
  facility text collate "C" not null,
  patient text collate "C" not null,
  collected_at timestamp(3) with time zone,
  known_from timestamp(3) with time zone not null,
  envelope text collate "C" not null,
  content text not null,
  constraint container_bucket_id_version_pk PRIMARY KEY (bucket, id, version)
);

create table delivery (
  id text collate "C" not null,
  subscription text collate "C" not null,
  event bigint not null,
  bucket smallint not null,
  patient text collate "C" not null,
  focus text not null,
  at timestamp(3) with time zone not null,
  attempts integer not null,
  state text collate "C" not null,
  last_fault text collate "C" not null,
  ended_at timestamp(3) with time zone,
  constraint delivery_pkey PRIMARY KEY (id)
);

create table directory (
  facility text collate "C" not null,
  kind text collate "C" not null,
  mac text collate "C" not null,
  bucket smallint not null,
  id text collate "C" not null,
  head_version integer not null,
  constraint directory_facility_kind_mac_pk PRIMARY KEY (facility, kind, mac)
);

create table envelope (
  id text collate "C" not null,
  facility text collate "C" not null,
  channel text collate "C" not null,
  received_at timestamp(3) with time zone not null,
  format text collate "C" not null,
  digest text collate "C" not null,
  control_mac text collate "C" not null,
  test boolean not null,
  key_id text collate "C" not null,
  content bytea not null,
  outcome text collate "C" not null,
  ack bytea,
  problems text not null,
  problem_count integer not null,
  results_in integer not null,
  results_stored integer not null,
  receipts integer not null,
  constraint envelope_pkey PRIMARY KEY (id)
);

create table facility (
  id text collate "C" not null,
  name text not null,
  parent text collate "C",
  level smallint not null,
  area text collate "C" not null,
  alliances text not null,
  zone text collate "C" not null,
  profile text not null,
  registered_at timestamp(3) with time zone,
  constraint facility_pkey PRIMARY KEY (id)
);

create table identifier (
  mac text collate "C" not null,
  bucket smallint not null,
  patient text collate "C" not null,
  facility text collate "C" not null,
  kind text collate "C" not null,
  key_id text collate "C" not null,
  constraint identifier_mac_bucket_patient_pk PRIMARY KEY (mac, bucket, patient)
);

create table identity_queue (
  id text collate "C" not null,
  bucket smallint not null,
  patient text collate "C" not null,
  facility text collate "C" not null,
  kind text collate "C" not null,
  others text not null,
  reason text collate "C" not null,
  opened_at timestamp(3) with time zone not null,
  closed_at timestamp(3) with time zone,
  constraint identity_queue_pkey PRIMARY KEY (id)
);

create table job (
  position bigint generated always as identity not null,
  kind text collate "C" not null,
  ordering_key text collate "C" not null,
  due timestamp(3) with time zone not null,
  leased_until timestamp(3) with time zone,
  attempts integer not null,
  reference text collate "C" not null,
  constraint job_pkey PRIMARY KEY ("position")
);

create table known_order (
  facility text collate "C" not null,
  order_mac text collate "C" not null,
  cancelled boolean not null,
  at timestamp(3) with time zone not null,
  target text collate "C" not null,
  bucket smallint not null,
  patient text collate "C" not null,
  patient_mac text collate "C" not null,
  encounter_mac text collate "C" not null,
  practitioner_mac text collate "C" not null,
  specialty text collate "C" not null,
  visit_class text collate "C" not null,
  payer text collate "C" not null,
  constraint known_order_facility_order_mac_cancelled_pk PRIMARY KEY (facility, order_mac, cancelled)
);

create table ledger_anchor (
  day text collate "C" not null,
  at timestamp(3) with time zone not null,
  anchor text not null,
  constraint ledger_anchor_pkey PRIMARY KEY (day)
);

create table ledger_chain (
  chain text collate "C" not null,
  constraint ledger_chain_pkey PRIMARY KEY (chain)
);

create table ledger_entry (
  id text collate "C" not null,
  position bigint generated always as identity not null,
  form smallint not null,
  chain text collate "C" not null,
  kind text collate "C" not null,
  at timestamp(3) with time zone not null,
  offer text collate "C" not null,
  patient_mac text collate "C" not null,
  encounter_mac text collate "C" not null,
  order_mac text collate "C" not null,
  target text collate "C" not null,
  catalogue_digest text collate "C" not null,
  results text not null,
  cross_facility boolean not null,
  reason text collate "C" not null,
  counts_as_refusal boolean not null,
  visit_class text collate "C" default ''::text not null,
  drg boolean default false not null,
  payer text collate "C" default ''::text not null,
  split text,
  constraint ledger_entry_pkey PRIMARY KEY (id)
);

create table ledger_saving (
  entry text collate "C" not null,
  ordinal smallint not null,
  price_item text collate "C" not null,
  fen bigint,
  source text not null,
  key text collate "C" not null,
  constraint ledger_saving_entry_ordinal_pk PRIMARY KEY (entry, ordinal)
);

create table ledger_saving_claim (
  key text collate "C" not null,
  offer text collate "C" not null,
  entry text collate "C" not null,
  constraint ledger_saving_claim_pkey PRIMARY KEY (key)
);

create table ledger_seal (
  chain text collate "C" not null,
  seq integer not null,
  entry text collate "C" not null,
  entry_hash text collate "C" not null,
  seal text collate "C" not null,
  constraint ledger_seal_chain_seq_pk PRIMARY KEY (chain, seq)
);

create table ledger_unsealed (
  chain text collate "C" not null,
  position bigint not null,
  entry text collate "C" not null,
  constraint ledger_unsealed_chain_position_pk PRIMARY KEY (chain, "position")
);

create table notice (
  id text collate "C" not null,
  at timestamp(3) with time zone not null,
  facility text collate "C" not null,
  kind text collate "C" not null,
  offer text collate "C" not null,
  item text collate "C" not null,
  bucket smallint not null,
  container text collate "C" not null,
  element text collate "C" not null,
  version integer not null,
  verdict text collate "C" not null,
  reporter text collate "C",
  key_id text collate "C",
  comment bytea,
  closed_at timestamp(3) with time zone,
  closed_by text collate "C",
  constraint notice_pkey PRIMARY KEY (id)
);

create table offer (
  id text collate "C" not null,
  at timestamp(3) with time zone not null,
  facility text collate "C" not null,
  bucket smallint not null,
  patient text collate "C" not null,
  patient_facility text collate "C" not null,
  encounter_mac text collate "C" not null,
  order_mac text collate "C" not null,
  catalogue_digest text collate "C" not null,
  decision text not null,
  key_id text collate "C",
  inputs bytea,
  constraint offer_pkey PRIMARY KEY (id)
);

create table offer_result (
  bucket smallint not null,
  container text collate "C" not null,
  element text collate "C" not null,
  offer text collate "C" not null,
  version integer not null,
  constraint offer_result_bucket_container_element_offer_pk PRIMARY KEY (bucket, container, element, offer)
);

create table opt_out (
  bucket smallint not null,
  patient text collate "C" not null,
  facility text collate "C" not null,
  opted_out boolean not null,
  changed_at timestamp(3) with time zone not null,
  constraint opt_out_bucket_patient_pk PRIMARY KEY (bucket, patient)
);

create table patient_link (
  bucket smallint not null,
  patient text collate "C" not null,
  ordinal smallint not null,
  facility text collate "C" not null,
  person text collate "C" not null,
  certainty text collate "C" not null,
  ground text collate "C" not null,
  opened_by text collate "C" not null,
  opened_at timestamp(3) with time zone not null,
  closed_by text collate "C",
  closed_at timestamp(3) with time zone,
  constraint patient_link_bucket_patient_ordinal_pk PRIMARY KEY (bucket, patient, ordinal)
);

create table progress (
  kind text collate "C" not null,
  until timestamp(3) with time zone not null,
  constraint progress_pkey PRIMARY KEY (kind)
);

create table pull_state (
  facility text collate "C" not null,
  since timestamp(3) with time zone,
  key_id text collate "C",
  next_page bytea,
  pulled_at timestamp(3) with time zone,
  last_fault text collate "C" not null,
  constraint pull_state_pkey PRIMARY KEY (facility)
);

create table reference_version (
  id smallint not null,
  version bigint not null,
  constraint reference_version_pkey PRIMARY KEY (id)
);

create table repeat_found (
  bucket smallint not null,
  container text collate "C" not null,
  price_item text collate "C" not null,
  at timestamp(3) with time zone not null,
  facility text collate "C" not null,
  giver text collate "C" not null,
  version integer not null,
  patient_mac text collate "C" not null,
  performed_at timestamp(3) with time zone not null,
  age_hours integer not null,
  earlier_container text collate "C" not null,
  justification text collate "C" not null,
  offer text collate "C",
  fen bigint,
  source text not null,
  catalogue_digest text collate "C" not null,
  constraint repeat_found_bucket_container_price_item_pk PRIMARY KEY (bucket, container, price_item)
);

create table reply (
  offer text collate "C" not null,
  ordinal smallint not null,
  outcome text collate "C" not null,
  reason text collate "C",
  comment text,
  patient_informed boolean,
  practitioner text,
  at timestamp(3) with time zone not null,
  constraint reply_offer_ordinal_pk PRIMARY KEY (offer, ordinal)
);

create table resource (
  bucket smallint not null,
  id text collate "C" not null,
  version integer not null,
  type text collate "C" not null,
  known_from timestamp(3) with time zone not null,
  content_mac text collate "C" not null,
  key_id text collate "C" not null,
  content bytea not null,
  facility text collate "C" not null,
  patient text collate "C" not null,
  constraint resource_bucket_id_version_pk PRIMARY KEY (bucket, id, version)
);

create table resource_identifier (
  facility text collate "C" not null,
  type text collate "C" not null,
  mac text collate "C" not null,
  system text collate "C" not null,
  bucket smallint not null,
  id text collate "C" not null,
  container text collate "C" not null,
  constraint resource_identifier_facility_type_mac_system_bucket_id_pk PRIMARY KEY (facility, type, mac, system, bucket, id)
);

create table result_entry (
  bucket smallint not null,
  container text collate "C" not null,
  element text collate "C" not null,
  version integer not null,
  generation smallint not null,
  patient text collate "C" not null,
  item text collate "C",
  facility text collate "C" not null,
  performer text,
  system text collate "C" not null,
  code text collate "C" not null,
  display text not null,
  loinc text collate "C",
  effective_start timestamp(3) with time zone not null,
  effective_end timestamp(3) with time zone not null,
  basis text collate "C" not null,
  status text collate "C" not null,
  value_kind text collate "C" not null,
  comparator text collate "C",
  value text,
  unit text,
  ucum text,
  reference_text text,
  interpretation text not null,
  method text,
  specimen text collate "C",
  body_site text collate "C",
  quality_flags text not null,
  production boolean not null,
  known_from timestamp(3) with time zone not null,
  known_to timestamp(3) with time zone,
  more_codes boolean not null,
  constraint result_entry_bucket_container_element_version_generation_pk PRIMARY KEY (bucket, container, element, version, generation)
);

create table subscription (
  id text collate "C" not null,
  bucket smallint not null,
  facility text collate "C" not null,
  channel text collate "C" not null,
  status text collate "C" not null,
  criteria text not null,
  endpoint text not null,
  payload text collate "C" not null,
  ends_at timestamp(3) with time zone,
  constraint subscription_pkey PRIMARY KEY (id)
);

create table unmapped_code (
  facility text collate "C" not null,
  kind text collate "C" not null,
  code text collate "C" not null,
  system text collate "C" not null,
  display text not null,
  constraint unmapped_code_facility_kind_code_pk PRIMARY KEY (facility, kind, code)
);

create table upstream (
  facility text collate "C" not null,
  channel text collate "C" not null,
  base_url text not null,
  token_url text,
  client_id text,
  secret_name text,
  scope text,
  constraint upstream_pkey PRIMARY KEY (facility)
);

CREATE INDEX asked_order_at ON public.asked_order USING btree (at);
CREATE INDEX asked_order_patient ON public.asked_order USING btree (bucket, patient, at) WHERE (bucket IS NOT NULL);
CREATE INDEX assertion_expires ON public.assertion USING btree (expires_at);
CREATE INDEX audit_event_at ON public.audit_event USING btree (at);
CREATE INDEX audit_event_facility ON public.audit_event USING btree (facility, at);
CREATE INDEX audit_event_patient ON public.audit_event USING btree (patient_mac, at);
CREATE INDEX break_glass_open ON public.break_glass USING btree (at, id) WHERE (reviewed_at IS NULL);
CREATE INDEX break_glass_patient ON public.break_glass USING btree (facility, bucket, patient, until);
CREATE UNIQUE INDEX catalogue_active ON public.catalogue USING btree (active) WHERE active;
CREATE UNIQUE INDEX channel_issuer ON public.channel USING btree (issuer) WHERE (issuer IS NOT NULL);
CREATE INDEX container_feed ON public.container USING btree (facility, known_from, bucket, id);
CREATE INDEX container_patient ON public.container USING btree (bucket, patient, id);
CREATE INDEX delivery_dead ON public.delivery USING btree (ended_at, id) WHERE (state = 'dead'::text);
CREATE UNIQUE INDEX delivery_event ON public.delivery USING btree (subscription, bucket, patient, event);
CREATE INDEX envelope_outcome ON public.envelope USING btree (outcome, received_at DESC, id DESC) WHERE (outcome <> 'stored'::text);
CREATE INDEX envelope_received ON public.envelope USING btree (received_at DESC, id DESC);
CREATE UNIQUE INDEX envelope_resend ON public.envelope USING btree (facility, control_mac, digest);
CREATE INDEX identifier_patient ON public.identifier USING btree (bucket, patient);
CREATE INDEX identity_queue_open ON public.identity_queue USING btree (opened_at, id) WHERE (closed_at IS NULL);
CREATE INDEX identity_queue_patient ON public.identity_queue USING btree (bucket, patient) WHERE (closed_at IS NULL);
CREATE INDEX job_due ON public.job USING btree (due, "position");
CREATE INDEX job_order ON public.job USING btree (ordering_key, "position");
CREATE UNIQUE INDEX job_running ON public.job USING btree (ordering_key) WHERE (leased_until IS NOT NULL);
CREATE INDEX known_order_at ON public.known_order USING btree (at);
CREATE INDEX ledger_entry_chain ON public.ledger_entry USING btree (chain, "position");
CREATE INDEX ledger_entry_offer ON public.ledger_entry USING btree (offer, "position");
CREATE INDEX ledger_entry_offered ON public.ledger_entry USING btree (at) WHERE (kind = 'offered'::text);
CREATE INDEX ledger_saving_claim_offer ON public.ledger_saving_claim USING btree (offer);
CREATE UNIQUE INDEX ledger_seal_entry ON public.ledger_seal USING btree (entry);
CREATE UNIQUE INDEX notice_once ON public.notice USING btree (offer, kind, element, version) WHERE ((offer <> ''::text) AND (reporter IS NULL));
CREATE INDEX notice_open ON public.notice USING btree (facility, at, id) WHERE (closed_at IS NULL);
CREATE INDEX offer_encounter ON public.offer USING btree (encounter_mac, at) WHERE (encounter_mac <> ''::text);
CREATE INDEX offer_facility ON public.offer USING btree (facility, at);
CREATE UNIQUE INDEX patient_link_certain ON public.patient_link USING btree (bucket, patient) WHERE ((closed_at IS NULL) AND (certainty = 'certain'::text));
CREATE UNIQUE INDEX patient_link_open ON public.patient_link USING btree (bucket, patient, person) WHERE (closed_at IS NULL);
CREATE INDEX patient_link_person ON public.patient_link USING btree (person);
CREATE INDEX repeat_found_performed ON public.repeat_found USING btree (performed_at);
CREATE INDEX resource_feed ON public.resource USING btree (facility, type, known_from, bucket, id);
CREATE INDEX resource_identifier_mac ON public.resource_identifier USING btree (mac, type);
CREATE INDEX resource_patient ON public.resource USING btree (bucket, patient, type, id);
CREATE INDEX result_entry_candidates ON public.result_entry USING btree (bucket, patient, item, effective_start DESC) WHERE (known_to IS NULL);
CREATE INDEX result_entry_closed ON public.result_entry USING btree (bucket, container, element) WHERE (known_to IS NOT NULL);
CREATE INDEX result_entry_code ON public.result_entry USING btree (facility, code, system) WHERE (known_to IS NULL);
CREATE UNIQUE INDEX result_entry_open ON public.result_entry USING btree (bucket, container, element) WHERE (known_to IS NULL);

CREATE OR REPLACE FUNCTION public.concord_refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$function$;

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.asked_order FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change(); -- enabled: always
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_event FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change(); -- enabled: always
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.known_order FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change(); -- enabled: always
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_anchor FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change(); -- enabled: always
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change(); -- enabled: always
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_saving FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change(); -- enabled: always
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_seal FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change(); -- enabled: always
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.repeat_found FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change(); -- enabled: always
