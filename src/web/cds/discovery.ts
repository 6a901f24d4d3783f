/** What `GET /cds-services` says (CDS Hooks 2.0, discovery): the services, and the prefetch that each needs. */
const PREFETCH = { patient: 'Patient/{{context.patientId}}' };

/** While the doctor selects orders. */
export const SELECT_ID = 'concord-order-select';
/** Before they are signed: what was answered by then is not asked again. */
export const SIGN_ID = 'concord-order-sign';

/** When a record is opened: what there is elsewhere. */
export const VIEW_ID = 'concord-patient-view';

export const DISCOVERY = {
  services: [
    {
      hook: 'patient-view',
      id: VIEW_ID,
      title: '外院可互认结果 · Results elsewhere that may be used',
      description: 'Tells how many results of other facilities may still be used; no values, nothing to accept.',
      prefetch: PREFETCH,
    },
    {
      hook: 'order-select',
      id: SELECT_ID,
      title: '检查检验结果互认 · Mutual recognition of results',
      description: 'Tells whether the ordered test was already done at a connected facility and may be used.',
      prefetch: PREFETCH,
    },
    {
      hook: 'order-sign',
      id: SIGN_ID,
      title: '检查检验结果互认（签署前） · Mutual recognition of results, before signing',
      description:
        'The same for every draft order before it is signed; what was answered within the visit stays silent.',
      prefetch: PREFETCH,
    },
  ],
};
