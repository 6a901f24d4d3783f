/** `node:stream` for postgres.js in a Worker (`wrangler.toml`, alias): only COPY and large objects use it, and we use neither. */
function absent(): never {
  throw new Error('COPY and large objects are not for Workers');
}

const Stream = { Readable: absent, Writable: absent, Duplex: absent };

export { Stream as default };
