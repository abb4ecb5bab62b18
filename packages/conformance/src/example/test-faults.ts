/** What an ingest service may do wrong. */
export const faults = [
  'checks-no-signature',
  'takes-any-secret-of-ours',
  'answers-before-kafka',
  'doubles-events',
  'makes-ids-anew',
  'logs-people',
  'rounds-numbers',
  'drops-what-it-cannot-read',
  'keeps-in-the-clear',
  'fails-at-odd-documents',
  'takes-all-for-known',
] as const
export type Fault = (typeof faults)[number]

/** Where the service with that fault answers. */
export const pathOf = (fault: Fault): string => `/webhooks/brillo-that-${fault}`
