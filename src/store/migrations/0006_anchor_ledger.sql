CREATE TABLE "asked_order" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"facility" text collate "C" NOT NULL,
	"target" text collate "C" NOT NULL,
	"verdict" text collate "C" NOT NULL,
	"coverage" text collate "C" NOT NULL,
	"patient_mac" text collate "C" NOT NULL,
	"encounter_mac" text collate "C" NOT NULL,
	"order_mac" text collate "C" NOT NULL,
	"offer" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "ledger_anchor" (
	"day" text collate "C" PRIMARY KEY NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"anchor" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "asked_order_at" ON "asked_order" USING btree ("at");--> statement-breakpoint
CREATE INDEX "ledger_entry_offered" ON "ledger_entry" USING btree ("at") WHERE kind = 'offered';--> statement-breakpoint
CREATE INDEX "offer_encounter" ON "offer" USING btree ("encounter_mac","at") WHERE encounter_mac <> '';--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_anchor
  FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change();
--> statement-breakpoint
ALTER TABLE ledger_anchor ENABLE ALWAYS TRIGGER append_only;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON asked_order
  FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change();
--> statement-breakpoint
ALTER TABLE asked_order ENABLE ALWAYS TRIGGER append_only;
