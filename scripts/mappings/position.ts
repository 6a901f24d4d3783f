/** Positions as tables write them: `OBX-5`, `OBX-5.1`, `CWE.3`, `CWE` (the whole value), counted from 1. */
import { fault, type Where } from './fault.ts';

export interface Position {
  /** Segment or datatype. */
  readonly name: string;
  /** 0 in datatype tables. */
  readonly field: number;
  /** 0: the whole field or value. */
  readonly component: number;
}

export function parsePosition(text: string, where: Where): Position {
  const segment = /^([A-Z][A-Z0-9]{2})-(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text);
  if (segment) return { name: segment[1] as string, field: Number(segment[2]), component: Number(segment[3] ?? 0) };
  const datatype = /^([A-Z]{2,3})(?:\.(\d{1,2}))?$/.exec(text);
  if (datatype) return { name: datatype[1] as string, field: 0, component: Number(datatype[2] ?? 0) };
  return fault(where, `position "${text}" is neither like OBX-5, OBX-5.1 nor like CWE.3`);
}
