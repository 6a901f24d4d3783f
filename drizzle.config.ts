/** drizzle-kit: writes numbered migrations from the schema, offline (`npm run migrations`). */
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/store/schema/*-tables.ts',
  out: './src/store/migrations',
});
