/** What `GET /cds-services` says (CDS Hooks 2.0, discovery): one service, and the prefetch that it needs. */
export const SERVICE_ID = 'concord-order-select';

export const DISCOVERY = {
  services: [
    {
      hook: 'order-select',
      id: SERVICE_ID,
      title: '检查检验结果互认 · Mutual recognition of results',
      description: 'Tells whether the ordered test was already done at a connected facility and may be used.',
      prefetch: { patient: 'Patient/{{context.patientId}}' },
    },
  ],
};
