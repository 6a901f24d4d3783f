CREATE TABLE "container" (
	"bucket" smallint NOT NULL,
	"id" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"kind" text collate "C" NOT NULL,
	"facility" text collate "C" NOT NULL,
	"patient" text collate "C" NOT NULL,
	"collected_at" timestamp(3) with time zone,
	"known_from" timestamp(3) with time zone NOT NULL,
	"envelope" text collate "C" NOT NULL,
	"content" text NOT NULL,
	CONSTRAINT "container_bucket_id_version_pk" PRIMARY KEY("bucket","id","version")
);
--> statement-breakpoint
CREATE TABLE "offer_result" (
	"bucket" smallint NOT NULL,
	"container" text collate "C" NOT NULL,
	"element" text collate "C" NOT NULL,
	"offer" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "offer_result_bucket_container_element_offer_pk" PRIMARY KEY("bucket","container","element","offer")
);
--> statement-breakpoint
CREATE TABLE "opt_out" (
	"bucket" smallint NOT NULL,
	"patient" text collate "C" NOT NULL,
	"facility" text collate "C" NOT NULL,
	"opted_out" boolean NOT NULL,
	"changed_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "opt_out_bucket_patient_pk" PRIMARY KEY("bucket","patient")
);
--> statement-breakpoint
CREATE TABLE "patient_link" (
	"bucket" smallint NOT NULL,
	"patient" text collate "C" NOT NULL,
	"ordinal" smallint NOT NULL,
	"facility" text collate "C" NOT NULL,
	"person" text collate "C" NOT NULL,
	"certainty" text collate "C" NOT NULL,
	"ground" text collate "C" NOT NULL,
	"opened_by" text collate "C" NOT NULL,
	"opened_at" timestamp(3) with time zone NOT NULL,
	"closed_by" text collate "C",
	"closed_at" timestamp(3) with time zone,
	CONSTRAINT "patient_link_bucket_patient_ordinal_pk" PRIMARY KEY("bucket","patient","ordinal")
);
--> statement-breakpoint
CREATE TABLE "resource" (
	"bucket" smallint NOT NULL,
	"id" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"type" text collate "C" NOT NULL,
	"known_from" timestamp(3) with time zone NOT NULL,
	"content_mac" text collate "C" NOT NULL,
	"key_id" text collate "C" NOT NULL,
	"content" "bytea" NOT NULL,
	CONSTRAINT "resource_bucket_id_version_pk" PRIMARY KEY("bucket","id","version")
);
--> statement-breakpoint
CREATE TABLE "result_entry" (
	"bucket" smallint NOT NULL,
	"container" text collate "C" NOT NULL,
	"element" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"generation" smallint NOT NULL,
	"patient" text collate "C" NOT NULL,
	"item" text collate "C",
	"facility" text collate "C" NOT NULL,
	"performer" text,
	"system" text collate "C" NOT NULL,
	"code" text collate "C" NOT NULL,
	"display" text NOT NULL,
	"loinc" text collate "C",
	"effective_start" timestamp(3) with time zone NOT NULL,
	"effective_end" timestamp(3) with time zone NOT NULL,
	"basis" text collate "C" NOT NULL,
	"status" text collate "C" NOT NULL,
	"value_kind" text collate "C" NOT NULL,
	"comparator" text collate "C",
	"value" text,
	"unit" text,
	"ucum" text,
	"reference_text" text,
	"interpretation" text NOT NULL,
	"method" text,
	"specimen" text collate "C",
	"body_site" text collate "C",
	"quality_flags" text NOT NULL,
	"production" boolean NOT NULL,
	"known_from" timestamp(3) with time zone NOT NULL,
	"known_to" timestamp(3) with time zone,
	CONSTRAINT "result_entry_bucket_container_element_version_generation_pk" PRIMARY KEY("bucket","container","element","version","generation")
);
--> statement-breakpoint
CREATE TABLE "ledger_chain" (
	"chain" text collate "C" PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_entry" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "ledger_entry_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"form" smallint NOT NULL,
	"chain" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"offer" text collate "C" NOT NULL,
	"patient_mac" text collate "C" NOT NULL,
	"encounter_mac" text collate "C" NOT NULL,
	"order_mac" text collate "C" NOT NULL,
	"target" text collate "C" NOT NULL,
	"catalogue_digest" text collate "C" NOT NULL,
	"results" text NOT NULL,
	"cross_facility" boolean NOT NULL,
	"reason" text collate "C" NOT NULL,
	"counts_as_refusal" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_saving" (
	"entry" text collate "C" NOT NULL,
	"ordinal" smallint NOT NULL,
	"price_item" text collate "C" NOT NULL,
	"fen" bigint,
	"source" text NOT NULL,
	"key" text collate "C" NOT NULL,
	CONSTRAINT "ledger_saving_entry_ordinal_pk" PRIMARY KEY("entry","ordinal")
);
--> statement-breakpoint
CREATE TABLE "ledger_saving_claim" (
	"key" text collate "C" PRIMARY KEY NOT NULL,
	"offer" text collate "C" NOT NULL,
	"entry" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_seal" (
	"chain" text collate "C" NOT NULL,
	"seq" integer NOT NULL,
	"entry" text collate "C" NOT NULL,
	"entry_hash" text collate "C" NOT NULL,
	"seal" text collate "C" NOT NULL,
	CONSTRAINT "ledger_seal_chain_seq_pk" PRIMARY KEY("chain","seq")
);
--> statement-breakpoint
CREATE TABLE "ledger_unsealed" (
	"chain" text collate "C" NOT NULL,
	"position" bigint NOT NULL,
	"entry" text collate "C" NOT NULL,
	CONSTRAINT "ledger_unsealed_chain_position_pk" PRIMARY KEY("chain","position")
);
--> statement-breakpoint
CREATE TABLE "offer" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"facility" text collate "C" NOT NULL,
	"bucket" smallint NOT NULL,
	"patient" text collate "C" NOT NULL,
	"patient_facility" text collate "C" NOT NULL,
	"encounter_mac" text collate "C" NOT NULL,
	"order_mac" text collate "C" NOT NULL,
	"catalogue_digest" text collate "C" NOT NULL,
	"decision" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reply" (
	"offer" text collate "C" NOT NULL,
	"ordinal" smallint NOT NULL,
	"outcome" text collate "C" NOT NULL,
	"reason" text collate "C",
	"comment" text,
	"patient_informed" boolean,
	"practitioner" text,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "reply_offer_ordinal_pk" PRIMARY KEY("offer","ordinal")
);
--> statement-breakpoint
CREATE TABLE "audit_event" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"facility" text collate "C",
	"actor" text collate "C" NOT NULL,
	"action" text collate "C" NOT NULL,
	"patient_mac" text collate "C" NOT NULL,
	"encounter_mac" text collate "C" NOT NULL,
	"purpose" text NOT NULL,
	"outcome" text collate "C" NOT NULL,
	"detail" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "directory" (
	"facility" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"mac" text collate "C" NOT NULL,
	"bucket" smallint NOT NULL,
	"id" text collate "C" NOT NULL,
	"head_version" integer NOT NULL,
	CONSTRAINT "directory_facility_kind_mac_pk" PRIMARY KEY("facility","kind","mac")
);
--> statement-breakpoint
CREATE TABLE "envelope" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"facility" text collate "C" NOT NULL,
	"channel" text collate "C" NOT NULL,
	"received_at" timestamp(3) with time zone NOT NULL,
	"format" text collate "C" NOT NULL,
	"digest" text collate "C" NOT NULL,
	"control_mac" text collate "C" NOT NULL,
	"test" boolean NOT NULL,
	"key_id" text collate "C" NOT NULL,
	"content" "bytea" NOT NULL,
	"outcome" text collate "C" NOT NULL,
	"ack" "bytea",
	"problems" text NOT NULL,
	"problem_count" integer NOT NULL,
	"results_in" integer NOT NULL,
	"results_stored" integer NOT NULL,
	"receipts" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identifier" (
	"mac" text collate "C" NOT NULL,
	"bucket" smallint NOT NULL,
	"patient" text collate "C" NOT NULL,
	"facility" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"key_id" text collate "C" NOT NULL,
	CONSTRAINT "identifier_mac_bucket_patient_pk" PRIMARY KEY("mac","bucket","patient")
);
--> statement-breakpoint
CREATE TABLE "identity_queue" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"bucket" smallint NOT NULL,
	"patient" text collate "C" NOT NULL,
	"facility" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"others" text NOT NULL,
	"reason" text collate "C" NOT NULL,
	"opened_at" timestamp(3) with time zone NOT NULL,
	"closed_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "job" (
	"position" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "job_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text collate "C" NOT NULL,
	"ordering_key" text collate "C" NOT NULL,
	"due" timestamp(3) with time zone NOT NULL,
	"leased_until" timestamp(3) with time zone,
	"attempts" integer NOT NULL,
	"reference" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "catalogue" (
	"digest" text collate "C" PRIMARY KEY NOT NULL,
	"sample" boolean NOT NULL,
	"imported_at" timestamp(3) with time zone NOT NULL,
	"active" boolean NOT NULL,
	"content" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "channel" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"facility" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"test" boolean NOT NULL,
	"port" integer,
	"source" text collate "C",
	"secret_hash" text collate "C",
	"revoked_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "code_map" (
	"facility" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"code" text collate "C" NOT NULL,
	"system" text collate "C" NOT NULL,
	"display" text NOT NULL,
	"target" text collate "C" NOT NULL,
	CONSTRAINT "code_map_facility_kind_code_pk" PRIMARY KEY("facility","kind","code")
);
--> statement-breakpoint
CREATE TABLE "facility" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"parent" text collate "C",
	"level" smallint NOT NULL,
	"area" text collate "C" NOT NULL,
	"alliances" text NOT NULL,
	"zone" text collate "C" NOT NULL,
	"profile" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reference_version" (
	"id" smallint PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "unmapped_code" (
	"facility" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"code" text collate "C" NOT NULL,
	"system" text collate "C" NOT NULL,
	"display" text NOT NULL,
	"seen" bigint NOT NULL,
	"last_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "unmapped_code_facility_kind_code_pk" PRIMARY KEY("facility","kind","code")
);
--> statement-breakpoint
CREATE INDEX "container_patient" ON "container" USING btree ("bucket","patient","id");--> statement-breakpoint
CREATE UNIQUE INDEX "patient_link_open" ON "patient_link" USING btree ("bucket","patient","person") WHERE closed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "patient_link_certain" ON "patient_link" USING btree ("bucket","patient") WHERE closed_at is null and certainty = 'certain';--> statement-breakpoint
CREATE INDEX "patient_link_person" ON "patient_link" USING btree ("person") WHERE closed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "result_entry_open" ON "result_entry" USING btree ("bucket","container","element") WHERE known_to is null;--> statement-breakpoint
CREATE INDEX "result_entry_candidates" ON "result_entry" USING btree ("bucket","patient","item","effective_start" DESC NULLS FIRST) WHERE known_to is null;--> statement-breakpoint
CREATE INDEX "result_entry_code" ON "result_entry" USING btree ("facility","code","system") WHERE known_to is null;--> statement-breakpoint
CREATE INDEX "result_entry_closed" ON "result_entry" USING btree ("bucket","container","element") WHERE known_to is not null;--> statement-breakpoint
CREATE INDEX "ledger_entry_offer" ON "ledger_entry" USING btree ("offer","position");--> statement-breakpoint
CREATE INDEX "ledger_entry_chain" ON "ledger_entry" USING btree ("chain","position");--> statement-breakpoint
CREATE INDEX "ledger_saving_claim_offer" ON "ledger_saving_claim" USING btree ("offer");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_seal_entry" ON "ledger_seal" USING btree ("entry");--> statement-breakpoint
CREATE INDEX "offer_facility" ON "offer" USING btree ("facility","at");--> statement-breakpoint
CREATE INDEX "audit_event_patient" ON "audit_event" USING btree ("patient_mac","at");--> statement-breakpoint
CREATE INDEX "audit_event_at" ON "audit_event" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "envelope_resend" ON "envelope" USING btree ("facility","control_mac","digest");--> statement-breakpoint
CREATE INDEX "envelope_received" ON "envelope" USING btree ("received_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "envelope_outcome" ON "envelope" USING btree ("outcome","received_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE outcome <> 'stored';--> statement-breakpoint
CREATE INDEX "identifier_patient" ON "identifier" USING btree ("bucket","patient");--> statement-breakpoint
CREATE INDEX "identity_queue_open" ON "identity_queue" USING btree ("opened_at","id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "identity_queue_patient" ON "identity_queue" USING btree ("bucket","patient") WHERE closed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "job_running" ON "job" USING btree ("ordering_key") WHERE leased_until is not null;--> statement-breakpoint
CREATE INDEX "job_order" ON "job" USING btree ("ordering_key","position");--> statement-breakpoint
CREATE INDEX "job_due" ON "job" USING btree ("due","position");--> statement-breakpoint
CREATE UNIQUE INDEX "catalogue_active" ON "catalogue" USING btree ("active") WHERE active;