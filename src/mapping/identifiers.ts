/** Lists of identifiers hold each number once, however many fields repeat it (OBR-2 and ORC-2). */
import type { Identifier } from 'fhir/r4';

export function addIdentifier(list: Identifier[], identifier: Identifier): void {
  const type = identifier.type?.coding?.[0]?.code;
  const known = list.some(
    (other) =>
      other.value === identifier.value && other.system === identifier.system && other.type?.coding?.[0]?.code === type,
  );
  if (!known) list.push(identifier);
}
