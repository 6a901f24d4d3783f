/** The groups of operations, in the order in which a newcomer needs them: a word in Chinese and in English, and what is in it. */

/** Chinese, and English beside it. */
export type Words = readonly [zh: string, en: string];

export const TAGS = {
  recognition: ['互认', 'Recognition', 'Is there a result already that I can use, and what the doctor said to it.'],
  cds: ['CDS Hooks', 'CDS Hooks', 'The same question and reply as CDS Hooks 2.0 has them, for an order screen.'],
  intake: [
    '接收',
    'Intake',
    'Results in: HL7 v2 over HTTP (over MLLP the same messages come by a socket), and ECG files.',
  ],
  access: ['访问', 'Access', 'How a channel gets its token.'],
  fhir: ['FHIR R4', 'FHIR R4', 'Reading, searching, writing and subscribing; what works stands in /fhir/metadata.'],
  configuration: ['配置', 'Configuration', 'Facilities, code maps and the catalogue; what the command line calls.'],
  channels: ['通道', 'Channels', 'The doors that prove which facility a sender is.'],
  operation: ['运行', 'Operation', 'Health, counts, messages, and what waits for a hand.'],
  stewardship: ['身份与审计', 'Stewardship', 'Who is who, who looked, and whether the ledger holds.'],
  outside: ['对外', 'Outside', 'Subscribers that are told, and hospitals that are read from.'],
  pages: ['页面', 'Pages', 'What people look at, and this description.'],
} as const satisfies Readonly<Record<string, readonly [zh: string, en: string, about: string]>>;

export type Tag = keyof typeof TAGS;
