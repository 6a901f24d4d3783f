/** Ends every `switch` over a union: an unhandled member is a type error, and a bug at run time. */
export function assertNever(member: never): never {
  throw new Error(`unhandled member of a union (${typeof member})`);
}
