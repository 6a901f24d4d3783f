/** Every limit of the gateway, in one place (CONVENTIONS 5). Bytes unless the name says otherwise. */
export const LIMITS = {
  /** One HL7 v2 message, over MLLP or HTTP. */
  messageBytesMax: 10 * 1024 * 1024,
  /** Messages in one MLLP frame, HTTP body or file part (a batch). */
  messagesPerFrameMax: 1_000,
  /** Segments in one HL7 v2 message. */
  segmentsMax: 100_000,
  /** OBX of one report that are mapped; more is refused, not cut. */
  resultsPerMessageMax: 20_000,
  /** Problems listed for one message; the rest are counted in one closing problem. */
  problemsMax: 1_000,
  /** Characters of a code, and of its system, that the registry can be asked by. */
  codeLengthMax: 256,
  /** One XML document; elements and attributes in it; how deep they may nest. */
  xmlBytesMax: 48 * 1024 * 1024,
  xmlNodesMax: 500_000,
  xmlDepthMax: 100,
  /** One ECG file: a day of twelve leads at 500 Hz in 16 bits is 1 GB, of three leads at 250 Hz 130 MB. */
  ecgBytesMax: 256 * 1024 * 1024,
  /** Samples of all leads that are decoded; what a compressed file would make beyond is refused. */
  ecgSamplesMax: 150_000_000,
  /** A ZIP of one recording: files, and bytes that they inflate to. */
  zipFilesMax: 16,
  zipBytesMax: 64 * 1024 * 1024,
  /** What may come in by one request that is no HL7 v2 message. */
  intakeBytesMax: 64 * 1024 * 1024,
  wfdbHeaderBytesMax: 256 * 1024,
  /** One DICOM file with its pixels, which are not read; a deflated data set, inflated. */
  dicomBytesMax: 512 * 1024 * 1024,
  dicomInflatedBytesMax: 64 * 1024 * 1024,
  /** How deep sequences may nest in it; items and elements in all, pixels not counted. */
  dicomDepthMax: 64,
  dicomItemsMax: 20_000,
  dicomElementsMax: 400_000,
  /** One value that backslashes part, and one text that they do not; items of a sequence that an index lists. */
  dicomValueBytesMax: 64 * 1024,
  dicomTextBytesMax: 1024 * 1024,
  dicomListMax: 200,
  /** Leads, groups, measurements and statements of one ECG. */
  ecgLeadsMax: 256,
  ecgGroupsMax: 64,
  ecgAnnotationsMax: 5_000,
  /** An HTTP body that is not an intake. */
  requestBytesMax: 1024 * 1024,
  jsonDepthMax: 64,
  /** A FHIR body; entries of a Bundle; items of one list within a resource. */
  fhirBodyBytesMax: 10 * 1024 * 1024,
  fhirEntriesMax: 1_000,
  fhirListMax: 10_000,
  /** Issues told of one body. */
  fhirIssuesMax: 100,
  /** Resources on a page of a FHIR search: unless asked, and at most. */
  fhirPageDefault: 50,
  fhirPageMax: 1_000,
  /** Parameters of a search, values of one, characters of one. */
  fhirParametersMax: 64,
  fhirValuesMax: 100,
  fhirParameterLengthMax: 4_096,
  /** Containers and rows of one Patient that a search looks at; a search that would need more is refused, not cut. */
  fhirContainersMax: 5_000,
  /** Containers that one page of a facility's feed looks at before it ends early with a next link. */
  fhirFeedScanMax: 2_000,
  /** Seconds for which a page's next link is good. */
  fhirCursorSeconds: 3_600,
  /** Resources that come along with a page (_include), at most. */
  fhirIncludesMax: 2_000,
  /** Bytes of a search that comes in a body. */
  fhirSearchBytesMax: 256 * 1024,
  /** Days for which what an offer named can be read by its asker. */
  fhirOfferedDays: 30,
  /** Orders in one question. */
  ordersPerQuestionMax: 100,
  /** Candidate entries read for one question. */
  candidatesMax: 2_000,
  /** How far back an earlier result is looked for that is shown for comparison only, and how many are read. */
  previousDays: 3_650,
  previousMax: 10,
  mllpConnectionsMax: 512,
  mllpIdleSeconds: 300,
  tokenSeconds: 3600,
  /** Reading from a hospital's FHIR server: a page's bytes, how long it is waited for, pages and lone references of a run. */
  pullPageBytesMax: 20 * 1024 * 1024,
  pullMs: 30_000,
  pullPagesMax: 200,
  pullReferencesMax: 200,
  /** The patient of a hook, read from the client's own server: its bytes, and how long it is waited for while a doctor waits. */
  hookPatientBytesMax: 1024 * 1024,
  hookPatientMs: 3_000,
  /** An offer is one card within its encounter for so long; of so many at most one is looked for. */
  offerStandsHours: 24,
  offersPerEncounterMax: 200,
  /** Break-glass: how long one opening lasts, how many of a channel in an hour, how long a reason must be. */
  glassSeconds: 3_600,
  glassesPerHour: 20,
  glassReasonMin: 8,
  /** A job that fails waits longer each time, so long at most. */
  retrySecondsMax: 600,
  /** Notifications: one attempt, how long it is tried, how many dead in a row end a subscription, how long they are kept. */
  deliveryMs: 5_000,
  deliverySecondsMax: 86_400,
  deliveriesDeadMax: 5,
  deliveriesKeptDays: 30,
  deliveryAnswerBytesMax: 65_536,
  /** Subscriptions of one facility. */
  subscriptionsMax: 200,
  /** A client's key set: its bytes, and how long it is waited for. */
  jwksBytesMax: 64 * 1024,
  jwksMs: 5_000,
  /** Requests per channel: sustained per second, and in a burst. */
  requestsPerSecond: 500,
  requestsBurst: 1_000,
  /** Requests without a good token that are audited one by one: sustained per second, and in a burst. */
  refusalsPerSecond: 1,
  refusalsBurst: 100,
  /** Room on the disk of DATA_DIR; with less the embedded database takes nothing more. */
  diskBytesMin: 64 * 1024 * 1024,
  /** A job that is due for longer is late: nobody does the work. */
  lateSecondsMax: 900,
  /** An entry older than this without a seal fails `verify` while a gateway runs (SETTLED 12). */
  unsealedSecondsMax: 60,
} as const;
