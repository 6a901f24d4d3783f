/** Which specimen a result was measured in: OBX-33, else the SPM nearest above, else the report's only one. */
import type { ResultGroup } from './group.ts';
import type { SpecimenDraft } from './map-specimen.ts';
import type { Run } from './run.ts';

export function specimenOf(
  result: ResultGroup,
  specimens: readonly SpecimenDraft[],
  run: Run,
): SpecimenDraft | undefined {
  const { obx } = result;
  if (obx.has(33)) {
    const named = specimens.filter((specimen) => isNamed(result, specimen));
    obx.markField(33);
    if (named.length > 0) return named[0];
    run.problem('mapping/specimen-unknown', 'information', obx.at(33));
    return undefined;
  }
  if (specimens.length === 1) return specimens[0];
  return result.below === undefined ? undefined : specimens.find((specimen) => specimen.group === result.below);
}

/** OBX-33 (EIP) repeats SPM-2: placer or filler number. */
function isNamed({ obx }: ResultGroup, specimen: SpecimenDraft): boolean {
  const spm = specimen.group?.spm;
  if (spm === undefined) return false;
  for (let r = 1, n = obx.count(33); r <= n; r++) {
    for (const component of [1, 2]) {
      const number = obx.peek(33, r, component, 1);
      if (number !== undefined && (number === spm.peek(2, 1, 1, 1) || number === spm.peek(2, 1, 2, 1))) return true;
    }
  }
  return false;
}
