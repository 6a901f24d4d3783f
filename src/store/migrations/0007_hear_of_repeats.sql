CREATE TABLE "known_order" (
	"facility" text collate "C" NOT NULL,
	"order_mac" text collate "C" NOT NULL,
	"cancelled" boolean NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"target" text collate "C" NOT NULL,
	"bucket" smallint NOT NULL,
	"patient" text collate "C" NOT NULL,
	"patient_mac" text collate "C" NOT NULL,
	"encounter_mac" text collate "C" NOT NULL,
	"practitioner_mac" text collate "C" NOT NULL,
	"specialty" text collate "C" NOT NULL,
	"visit_class" text collate "C" NOT NULL,
	"payer" text collate "C" NOT NULL,
	CONSTRAINT "known_order_facility_order_mac_cancelled_pk" PRIMARY KEY("facility","order_mac","cancelled")
);
--> statement-breakpoint
CREATE TABLE "notice" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"facility" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"offer" text collate "C" NOT NULL,
	"item" text collate "C" NOT NULL,
	"bucket" smallint NOT NULL,
	"container" text collate "C" NOT NULL,
	"element" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"verdict" text collate "C" NOT NULL,
	"reporter" text collate "C",
	"key_id" text collate "C",
	"comment" "bytea",
	"closed_at" timestamp(3) with time zone,
	"closed_by" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "repeat_found" (
	"bucket" smallint NOT NULL,
	"container" text collate "C" NOT NULL,
	"price_item" text collate "C" NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"facility" text collate "C" NOT NULL,
	"giver" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"patient_mac" text collate "C" NOT NULL,
	"performed_at" timestamp(3) with time zone NOT NULL,
	"age_hours" integer NOT NULL,
	"earlier_container" text collate "C" NOT NULL,
	"justification" text collate "C" NOT NULL,
	"offer" text collate "C",
	"fen" bigint,
	"source" text NOT NULL,
	"catalogue_digest" text collate "C" NOT NULL,
	CONSTRAINT "repeat_found_bucket_container_price_item_pk" PRIMARY KEY("bucket","container","price_item")
);
--> statement-breakpoint
CREATE TABLE "progress" (
	"kind" text collate "C" PRIMARY KEY NOT NULL,
	"until" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "patient_link_person";--> statement-breakpoint
ALTER TABLE "asked_order" ADD COLUMN "bucket" smallint;--> statement-breakpoint
ALTER TABLE "asked_order" ADD COLUMN "patient" text collate "C";--> statement-breakpoint
ALTER TABLE "asked_order" ADD COLUMN "catalogue_digest" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "asked_order" ADD COLUMN "practitioner_mac" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "asked_order" ADD COLUMN "level" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "asked_order" ADD COLUMN "specialty" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "asked_order" ADD COLUMN "visit_class" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "asked_order" ADD COLUMN "payer" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "asked_order" ADD COLUMN "key_id" text collate "C";--> statement-breakpoint
ALTER TABLE "asked_order" ADD COLUMN "inputs" "bytea";--> statement-breakpoint
ALTER TABLE "ledger_entry" ADD COLUMN "visit_class" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "ledger_entry" ADD COLUMN "drg" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "ledger_entry" ADD COLUMN "payer" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "ledger_entry" ADD COLUMN "split" text;--> statement-breakpoint
ALTER TABLE "channel" ADD COLUMN "issuer" text collate "C";--> statement-breakpoint
ALTER TABLE "channel" ADD COLUMN "orders" text collate "C";--> statement-breakpoint
ALTER TABLE "facility" ADD COLUMN "registered_at" timestamp(3) with time zone;--> statement-breakpoint
CREATE INDEX "known_order_at" ON "known_order" USING btree ("at");--> statement-breakpoint
CREATE INDEX "notice_open" ON "notice" USING btree ("facility","at","id") WHERE closed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "notice_once" ON "notice" USING btree ("offer","kind","element","version") WHERE offer <> '' and reporter is null;--> statement-breakpoint
CREATE INDEX "repeat_found_performed" ON "repeat_found" USING btree ("performed_at");--> statement-breakpoint
CREATE INDEX "asked_order_patient" ON "asked_order" USING btree ("bucket","patient","at") WHERE bucket is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "channel_issuer" ON "channel" USING btree ("issuer") WHERE issuer is not null;--> statement-breakpoint
CREATE INDEX "patient_link_person" ON "patient_link" USING btree ("person");--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON known_order
  FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change();
--> statement-breakpoint
ALTER TABLE known_order ENABLE ALWAYS TRIGGER append_only;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON repeat_found
  FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change();
--> statement-breakpoint
ALTER TABLE repeat_found ENABLE ALWAYS TRIGGER append_only;
