/** Plain SQL beside the store: what the database holds, whatever the store says. */
import postgres from 'postgres';

/** `url` as the store takes it: a server's, or `unix:` and the embedded database's socket. */
export function openSql(url: string): ReturnType<typeof postgres> {
  const options = { max: 1, onnotice: () => undefined };
  return url.startsWith('unix:')
    ? postgres({ ...options, path: url.slice('unix:'.length), user: 'postgres', database: 'postgres' })
    : postgres(url, options);
}
