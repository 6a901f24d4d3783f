/** One suite for every runtime: what clients of the HTTP face count on, wherever it runs. */
import { afterAll, beforeAll } from 'vitest';
import { cdsContract } from './cds.ts';
import { checkContract } from './check.ts';
import { fhirContract } from './fhir.ts';
import { intakeContract } from './intake.ts';
import { openapiContract } from './openapi.ts';
import { configured, type Gateway, type Held, type Subject } from './subject.ts';

/** `open` starts a gateway on an empty database of its own. */
export function contract(open: () => Promise<Gateway>): Held {
  let subject: Subject | undefined;
  const held: Held = () => {
    if (subject === undefined) throw new Error('the gateway is not there yet');
    return subject;
  };
  beforeAll(async () => {
    subject = await configured(await open());
  });
  afterAll(() => subject?.stop());
  intakeContract(held);
  checkContract(held);
  cdsContract(held);
  fhirContract(held);
  openapiContract(held);
  return held;
}
