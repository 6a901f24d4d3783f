/** How an ECG's measurements state what speaks against its signal: mapping writes it, the registry reads it. */

/** The extension; within it one `flag` (valueCode) and the leads that it is said of (`lead`, valueString). */
export const SIGNAL_QUALITY = 'urn:concord:extension:signal-quality';

/** The registry's own words beside the signal's and the specimen's: no waveform came with it, and a flag that nobody here knows. */
export const NO_SIGNAL = 'no-signal';
export const OTHER_FLAG = 'other';

/** The flag of a file of which bytes were lost or changed. */
export const CORRUPT = 'corrupt';
/** The flag of a recording that came for another patient too: only a steward can say whose it is. */
export const CONTESTED = 'contested';
