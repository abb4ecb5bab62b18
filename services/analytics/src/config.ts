import {
  httpSettings,
  kafkaSettings,
  lanesSetting,
  logSettings,
  masterKeySetting,
  mongoSettings,
  settings,
  wholeNumber,
} from '@varai/runtime'

/** Every variable this service reads. */
export const configShape = {
  http: httpSettings(),
  log: logSettings,
  lanes: lanesSetting,
  kafka: kafkaSettings,
  mongo: mongoSettings,
  /** Wraps the key by which erasures are remembered, and those of events that were too large to travel. */
  masterKey: masterKeySetting,
  /** How long before an order a touch, or a session, may have led to it, in days. */
  windows: settings({
    touch: wholeNumber('VARAI_ATTRIBUTION_TOUCH_DAYS', { min: 0, max: 365, fallback: 7 }),
    session: wholeNumber('VARAI_ATTRIBUTION_SESSION_DAYS', { min: 0, max: 365, fallback: 30 }),
  }),
  /** How long a process that vanished keeps others from counting, in seconds. */
  lease: settings({ seconds: wholeNumber('VARAI_ANALYTICS_LEASE', { min: 1, max: 600, fallback: 15 }) }),
}

/** What the migration step reads. */
export const migrationShape = { mongo: mongoSettings }
