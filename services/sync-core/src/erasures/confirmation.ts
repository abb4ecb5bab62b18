import { type Draft, type PrivacyConfirmed, privacyConfirmationsTopic } from '@varai/schemas'

/** What a service did for a request, as it travels: under the key of its subject. */
export const confirmationOf = (value: Draft<PrivacyConfirmed>) => ({
  ...{ topic: privacyConfirmationsTopic, key: value.subjectRef ?? value.requestId },
  ...{ record: 'PrivacyConfirmed' as const, value },
})
