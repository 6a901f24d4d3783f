CREATE TABLE "ledger_anchor" (
	"day" text collate "C" PRIMARY KEY NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"anchor" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "offer_encounter" ON "offer" USING btree ("encounter_mac","at") WHERE encounter_mac <> '';--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_anchor
  FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change();
--> statement-breakpoint
ALTER TABLE ledger_anchor ENABLE ALWAYS TRIGGER append_only;
