/** The yardstick on workerd: Hono and postgres.js, one lookup by primary key a request, and nothing else. */
import { Hono } from 'hono';
import postgres from 'postgres';

interface Bindings {
  readonly DB: { readonly connectionString: string };
  readonly DATABASE_PREPARE?: string;
}

const app = new Hono<{ Bindings: Bindings }>();
app.get('/healthz', (context) => context.text('up'));
app.get('/lookup/:id', async (context) => {
  const prepare = context.env.DATABASE_PREPARE !== 'false';
  const sql = postgres(context.env.DB.connectionString, { max: 1, fetch_types: false, prepare });
  const [row] = await sql`select body from bare where id = ${context.req.param('id')}`;
  context.executionCtx.waitUntil(sql.end({ timeout: 1 }));
  return row === undefined ? context.notFound() : context.text(row['body'] as string);
});

export default app;
