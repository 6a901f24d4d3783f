-- Of rows from before it is not known: they are looked at.
ALTER TABLE "result_entry" ADD COLUMN "more_codes" boolean NOT NULL DEFAULT true;--> statement-breakpoint
ALTER TABLE "result_entry" ALTER COLUMN "more_codes" DROP DEFAULT;
