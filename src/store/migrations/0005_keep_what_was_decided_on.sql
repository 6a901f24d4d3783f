ALTER TABLE "offer" ADD COLUMN "key_id" text collate "C";--> statement-breakpoint
ALTER TABLE "offer" ADD COLUMN "inputs" "bytea";