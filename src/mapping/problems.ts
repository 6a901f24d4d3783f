/** Sentences of every problem that mapping can meet. */
import type { ProblemSentences } from '../base/problem.ts';

export const SENTENCES: ProblemSentences = {
  'mapping/message-unsupported': 'The message type is not mapped (MSH-9) — send ORU^R01, ORU^R30 or OUL^R22 to R24.',
  'mapping/trigger-unusual':
    'The trigger event is not one of the supported ones (MSH-9) — it was mapped as its message type.',
  'mapping/quality-control':
    'The message carries calibration or quality control, no patient (MSH-16) — keep it out of this channel.',
  'mapping/not-a-patient-result':
    'A calibration or control value (OBX) — it is in no report; keep it out of this channel.',
  'mapping/results-limit': 'The message has more results than are mapped (OBX) — send it in parts.',
  'mapping/order-without-patient': 'The order names no patient (PID) — nothing was asked; send the PID with a number.',
  'mapping/no-order': 'The order message orders nothing (OBR) — send an OBR for each order.',
  'mapping/order-without-code': 'The order has no code (OBR-4) — it was not asked about; send the service.',
  'mapping/order-control':
    'The order control neither places nor cancels an order (ORC-1) — it was passed over; send NW or CA.',
  'mapping/order-without-report': 'An order has no OBR (ORC) — it was not read; send the OBR that it belongs to.',
  'mapping/results-without-order': 'Results stand under no OBR (OBX) — they got a report of their own; send the OBR.',
  'mapping/report-without-results': 'The report has no results (OBR) — it was mapped with none; send its OBX.',
  'mapping/report-unnumbered':
    'The report has neither a filler nor a placer number (OBR-3) — a correction cannot be recognised; number it.',
  'mapping/report-code-missing': 'The report has no code (OBR-4) — it was mapped with none; send the service.',
  'mapping/patient-missing': 'The report belongs to no patient (OBR) — it stands alone; send the PID.',
  'mapping/patient-unnumbered':
    'The patient has no number of the facility (PID-3) — each report stands alone; send one.',
  'mapping/patient-without-report':
    'The patient has neither a number nor a report (PID) — it was not read; send PID-3 or its results.',
  'mapping/patient-without-identity': 'The patient has neither identifier nor name (PID) — send at least PID-3.',
  'mapping/note-without-owner':
    'A note follows nothing that can hold it (NTE) — it was not read; put it behind its segment.',
  'mapping/result-code-missing': 'The result has no code (OBX-3) — it was mapped with none; send the test.',
  'mapping/value-type-missing': 'The value has no type (OBX-2) — it was read as text; send the type.',
  'mapping/value-type-unknown': 'The value type is not known (OBX-2) — it was read as text; use a type of table 0125.',
  'mapping/repetitions-limit':
    'The value repeats more often than is mapped (OBX-5) — its text was kept as one; send separate OBX.',
  'mapping/number-unreadable': 'The value is no number (OBX-5) — its text was kept; send ST for texts.',
  'mapping/number-comma': 'A comma was read as the decimal point (OBX-5) — send a point.',
  'mapping/number-mark': 'A mark stands behind the number (OBX-5) — it was kept apart; send it as a flag.',
  'mapping/structured-number-unreadable':
    'The structured number cannot be read (OBX-5) — its text was kept; mend its components.',
  'mapping/unit-unknown': 'The unit is not known to UCUM (OBX-6) — its text was kept; map it or mend it.',
  'mapping/date-impossible': 'The date or time does not exist or cannot be read (field) — it was left out; mend it.',
  'mapping/instant-coarse':
    'The time is coarser than minutes (OBR-22) — FHIR wants an instant, it was left out; send seconds.',
  'mapping/zone-assumed':
    'Times carry no zone (the first such time) — the zone of the facility was taken; send offsets.',
  'mapping/code-unknown': 'The code is not in its table (field) — it was left out; use the table.',
  'mapping/flag-unknown': 'The abnormal flag is not known (OBX-8) — its text was kept; use table 0078.',
  'mapping/range-unreadable': 'The reference range is not understood (OBX-7) — its text was kept; write low-high.',
  'mapping/order-unknown-to-sender': 'The sender knows no such order or patient (OBR-25 Y or Z) — ask the sender.',
  'mapping/attachment-empty': 'The attachment has no data (OBX-5.5) — its result has no value; send the data.',
  'mapping/attachment-unreadable':
    'The attachment is not readable in its encoding (OBX-5) — its text was kept; mend ED.4.',
  'mapping/attachment-type-unknown':
    'The type of the attachment is not known (OBX-5) — it was kept as plain bytes; send ED.2 and ED.3.',
  'mapping/attachment-address':
    'The address of the attachment is no web or file address (OBX-5) — it was kept as text; mend RP.1.',
  'mapping/parent-not-found':
    'The parent result is not in this message (OBR-26, OBR-29) — the link was left out; send both together.',
  'mapping/specimen-unknown':
    'OBX-33 names a specimen that is not in this message (OBX-33) — the link was left out; send its SPM.',
  'mapping/number-field-unreadable': 'The field is no whole number (field) — it was left out; mend it.',
  'mapping/recording-undated':
    'The recording states no time (acquisition) — no window can be open for it; set the clock of the device.',
  'mapping/recording-ahead':
    'The recording or its editing lies ahead of its arrival (acquisition) — the arrival was taken; set the clock of the device.',
  'mapping/more-unread':
    'More positions were not read than are listed (message) — send what a laboratory report needs.',
  'mapping/more-problems': 'More problems than are listed (count) — mend the listed ones first.',
};
