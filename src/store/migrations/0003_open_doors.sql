CREATE TABLE "assertion" (
	"channel" text collate "C" NOT NULL,
	"mac" text collate "C" NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "assertion_channel_mac_pk" PRIMARY KEY("channel","mac")
);
--> statement-breakpoint
CREATE TABLE "break_glass" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"facility" text collate "C" NOT NULL,
	"channel" text collate "C" NOT NULL,
	"bucket" smallint NOT NULL,
	"patient" text collate "C" NOT NULL,
	"encounter_mac" text collate "C" NOT NULL,
	"key_id" text collate "C" NOT NULL,
	"reason" "bytea" NOT NULL,
	"until" timestamp(3) with time zone NOT NULL,
	"reviewed_at" timestamp(3) with time zone,
	"reviewed_by" text collate "C",
	"judgement" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "delivery" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"subscription" text collate "C" NOT NULL,
	"event" bigint NOT NULL,
	"bucket" smallint NOT NULL,
	"patient" text collate "C" NOT NULL,
	"focus" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"attempts" integer NOT NULL,
	"state" text collate "C" NOT NULL,
	"last_fault" text collate "C" NOT NULL,
	"ended_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "pull_state" (
	"facility" text collate "C" PRIMARY KEY NOT NULL,
	"since" timestamp(3) with time zone,
	"key_id" text collate "C",
	"next_page" "bytea",
	"pulled_at" timestamp(3) with time zone,
	"last_fault" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "resource_identifier" (
	"facility" text collate "C" NOT NULL,
	"type" text collate "C" NOT NULL,
	"mac" text collate "C" NOT NULL,
	"system" text collate "C" NOT NULL,
	"bucket" smallint NOT NULL,
	"id" text collate "C" NOT NULL,
	"container" text collate "C" NOT NULL,
	CONSTRAINT "resource_identifier_facility_type_mac_system_bucket_id_pk" PRIMARY KEY("facility","type","mac","system","bucket","id")
);
--> statement-breakpoint
CREATE TABLE "subscription" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"bucket" smallint NOT NULL,
	"facility" text collate "C" NOT NULL,
	"channel" text collate "C" NOT NULL,
	"status" text collate "C" NOT NULL,
	"criteria" text NOT NULL,
	"endpoint" text NOT NULL,
	"payload" text collate "C" NOT NULL,
	"ends_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "upstream" (
	"facility" text collate "C" PRIMARY KEY NOT NULL,
	"channel" text collate "C" NOT NULL,
	"base_url" text NOT NULL,
	"token_url" text,
	"client_id" text,
	"secret_name" text,
	"scope" text
);
--> statement-breakpoint
-- Rows of before: their facility is the directory's; whom they are about is known of Patients only, their texts are sealed.
ALTER TABLE "resource" ADD COLUMN "facility" text collate "C" NOT NULL DEFAULT '';--> statement-breakpoint
ALTER TABLE "resource" ADD COLUMN "patient" text collate "C" NOT NULL DEFAULT '';--> statement-breakpoint
UPDATE "resource" r SET "facility" = d."facility" FROM "directory" d WHERE d."bucket" = r."bucket" AND d."id" = r."id";--> statement-breakpoint
UPDATE "resource" SET "patient" = "id" WHERE "type" = 'Patient';--> statement-breakpoint
ALTER TABLE "resource" ALTER COLUMN "facility" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "resource" ALTER COLUMN "patient" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "audit_event" ADD COLUMN "resource" text collate "C" NOT NULL DEFAULT '';--> statement-breakpoint
ALTER TABLE "audit_event" ALTER COLUMN "resource" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "audit_event" ADD COLUMN "key_id" text collate "C";--> statement-breakpoint
ALTER TABLE "audit_event" ADD COLUMN "query" "bytea";--> statement-breakpoint
ALTER TABLE "channel" ADD COLUMN "jwks" text;--> statement-breakpoint
ALTER TABLE "channel" ADD COLUMN "jwks_url" text;--> statement-breakpoint
ALTER TABLE "channel" ADD COLUMN "scopes" text;--> statement-breakpoint
CREATE INDEX "assertion_expires" ON "assertion" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "break_glass_open" ON "break_glass" USING btree ("at","id") WHERE reviewed_at is null;--> statement-breakpoint
CREATE INDEX "break_glass_patient" ON "break_glass" USING btree ("facility","bucket","patient","until");--> statement-breakpoint
CREATE UNIQUE INDEX "delivery_event" ON "delivery" USING btree ("subscription","bucket","patient","event");--> statement-breakpoint
CREATE INDEX "delivery_dead" ON "delivery" USING btree ("ended_at","id") WHERE state = 'dead';--> statement-breakpoint
CREATE INDEX "resource_identifier_mac" ON "resource_identifier" USING btree ("mac","type");--> statement-breakpoint
CREATE INDEX "container_feed" ON "container" USING btree ("facility","known_from","bucket","id");--> statement-breakpoint
CREATE INDEX "resource_patient" ON "resource" USING btree ("bucket","patient","type","id");--> statement-breakpoint
CREATE INDEX "resource_feed" ON "resource" USING btree ("facility","type","known_from","bucket","id");--> statement-breakpoint
CREATE INDEX "audit_event_facility" ON "audit_event" USING btree ("facility","at");