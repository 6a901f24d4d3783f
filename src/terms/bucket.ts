/** Bucket: 0..1023, leads every key and index of clinical tables; kept in the directory, never updated. */
export type Bucket = number & { readonly __brand: 'Bucket' };

export const BUCKETS = 1024;
