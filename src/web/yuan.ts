/** Integer fen as yuan with two decimals. */
export function yuan(fen: number): string {
  const whole = Math.trunc(Math.abs(fen) / 100);
  return `${fen < 0 ? '-' : ''}${whole}.${String(Math.abs(fen % 100)).padStart(2, '0')}`;
}
