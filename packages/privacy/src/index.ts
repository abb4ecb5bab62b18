export {
  type ConsentedEvent,
  type ConsentLevel,
  type ConsentRule,
  consentedEvents,
  consentLevelOf,
  consentLevels,
  consentTable,
  type MlRow,
} from './consent-table.ts'
export { dropFaceData, findFaceData } from './face-data.ts'
export { maskContacts } from './mask-contacts.ts'
export { type FaceAnalysis, type FaceMeasurements, sanitiseFaceAnalysis } from './sanitise-face-analysis.ts'
