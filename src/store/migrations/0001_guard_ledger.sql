-- The ledger, its amounts, its seals and the audit trail are appended and never changed (DESIGN 4).
CREATE FUNCTION concord_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_saving
  FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal
  FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION concord_refuse_change();
--> statement-breakpoint
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER append_only;
--> statement-breakpoint
ALTER TABLE ledger_saving ENABLE ALWAYS TRIGGER append_only;
--> statement-breakpoint
ALTER TABLE ledger_seal ENABLE ALWAYS TRIGGER append_only;
--> statement-breakpoint
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER append_only;
--> statement-breakpoint
INSERT INTO reference_version (id, version) VALUES (1, 0);
