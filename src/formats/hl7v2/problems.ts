/** Sentences of every problem that reading, writing and carrying HL7 v2 can meet. */
import type { ProblemSentences } from '../../base/problem.ts';

export const SENTENCES: ProblemSentences = {
  'hl7v2/empty': 'The input holds no message (whole input) — check the sender, nothing arrived.',
  'hl7v2/not-hl7': 'The input is not HL7 v2 (whole input) — send messages that begin with an MSH segment.',
  'hl7v2/no-header': 'No segment is an MSH (whole input) — send every message with its MSH segment first.',
  'hl7v2/header-truncated': 'The MSH ends before its message type (MSH) — send the message whole.',
  'hl7v2/segments-limit': 'The message has more segments than are read (line) — send it in parts.',
  'hl7v2/delimiters-missing': 'MSH-2 names no delimiters (MSH-2) — the usual ones were assumed; name them.',
  'hl7v2/delimiters-repeated': 'One character stands for two delimiters (MSH-2) — give each its own character.',
  'hl7v2/data-before-header': 'Data stands before the first MSH (line) — it was not read; begin with MSH, BHS or FHS.',
  'hl7v2/data-outside-message':
    'Data stands after a batch trailer and before the next MSH (line) — it was not read; send it inside a message.',
  'hl7v2/line-unreadable':
    'The line does not begin with a segment name (line) — it was not read; escape line ends inside values.',
  'hl7v2/second-header': 'A second MSH stands inside the message (MSH) — split the file into messages first.',
  'hl7v2/batch-count-mismatch':
    'The trailer counts otherwise than the content (BTS-1, FTS-1) — resend if one is missing.',
  'hl7v2/charset-undeclared': 'Characters beyond ASCII without a declared character set (MSH-18) — declare it.',
  'hl7v2/charset-label-wrong':
    'The bytes are not in the declared character set (MSH-18) — declare the one that is used.',
  'hl7v2/charset-label-unknown': 'The declared character set is not known (MSH-18) — use a name of table 0211.',
  'hl7v2/charset-ambiguous':
    'The bytes are valid in two character sets and none is declared (MSH-18) — declare the one.',
  'hl7v2/bytes-undecodable': 'Bytes are not valid in the character set (line) — they were replaced; mend the sender.',
  'hl7v2/control-character': 'A control character stands in the text (line) — it was replaced; escape or remove it.',
  'hl7v2/escape-unknown': 'An escape sequence is not known (field) — it was kept as written; use those of chapter 2.',
  'hl7v2/escape-unclosed': 'An escape character opens no sequence (field) — it was kept as written; write it as \\E\\.',
  'hl7v2/character-unencodable':
    'A character does not exist in the character set (line) — "?" was written; use a wider set.',
  'hl7v2/frame-junk': 'Bytes stand outside any frame (frame) — they were not read; send 0x0B before each message.',
  'hl7v2/frame-oversize': 'The framed message is larger than the limit (frame) — it was not read; send it in parts.',
  'hl7v2/frame-restarted': 'A frame begins inside a frame (frame) — the unfinished one was not read; resend it.',
  'hl7v2/frame-unfinished': 'The connection ended inside a frame (frame) — it was not read; resend it.',
  'hl7v2/frame-end-incomplete':
    'The end block lacks its carriage return (frame) — the message was read; send 0x1C 0x0D.',
  'hl7v2/connection-idle': 'No message was completed in time (connection) — it was closed; connect again to send.',
  'hl7v2/connections-limit': 'More connections than are served (connection) — it was refused; close unused ones.',
  'hl7v2/handshake-failed': 'TLS could not be agreed (connection) — check certificate and version of the sender.',
  'hl7v2/message-unanswered':
    'A message could not be kept (connection) — nothing was acknowledged; send it again when the gateway is well.',
  'hl7v2/more-problems': 'More problems than are listed (count) — mend the listed ones first.',
};
