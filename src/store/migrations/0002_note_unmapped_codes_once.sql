ALTER TABLE "unmapped_code" DROP COLUMN "seen";--> statement-breakpoint
ALTER TABLE "unmapped_code" DROP COLUMN "last_at";