/** The gateway's secrets (SETTLED 3, 24). Each has one use. */
export interface Keys {
  /** HMAC key of the directory and of the identifier index; changes only by `rekey`. */
  readonly index: Uint8Array;
  readonly indexId: string;
  /** HMAC key of proposed ids. */
  readonly id: Uint8Array;
  /** Pseudonyms in audit, ledger and exports. */
  readonly pseudonym: Uint8Array;
  /** Signs access tokens. */
  readonly token: Uint8Array;
  /** Signed tokens earlier: what they signed is good until it expires. */
  readonly oldTokens?: readonly Uint8Array[];
  readonly cipher: Cipher;
}

/** Encrypts what is personal at rest: envelopes, Patient texts. Synchronous; key id per row. */
export interface Cipher {
  /** Id of the key that `seal` uses now; '' for none (the demo). */
  readonly keyId: string;
  seal(plain: Uint8Array): Uint8Array;
  /** Throws (a bug or tampering) when the key id is unknown or the text was changed. */
  open(sealed: Uint8Array, keyId: string): Uint8Array;
}
