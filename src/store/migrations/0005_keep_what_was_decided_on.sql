ALTER TABLE "offer" ADD COLUMN "key_id" text collate "C";--> statement-breakpoint
ALTER TABLE "offer" ADD COLUMN "inputs" "bytea";--> statement-breakpoint
-- Acceptances from before savings were settled: their term ended after 30 days at most.
INSERT INTO "job" ("kind", "ordering_key", "due", "attempts", "reference")
SELECT DISTINCT ON (a."offer") 'settle', 'settle ' || a."offer", a."at" + interval '30 days', 0, a."offer" FROM "ledger_entry" a
WHERE a."kind" = 'accepted' AND EXISTS (SELECT 1 FROM "ledger_saving" s WHERE s."entry" = a."id")
ORDER BY a."offer", a."position" DESC;
