import {
  httpSettings,
  kafkaSettings,
  lanesSetting,
  logSettings,
  masterKeySetting,
  mongoSettings,
  redisSettings,
  wholeNumber,
} from '@varai/runtime'

const day = 86_400

/** Every variable this service reads. */
export const configShape = {
  http: httpSettings(),
  log: logSettings,
  lanes: lanesSetting,
  kafka: kafkaSettings,
  mongo: mongoSettings,
  /** The queue that workers take rows from. */
  redis: redisSettings,
  /** Wraps the keys of names and pseudonyms, and of events that were too large to travel. */
  masterKey: masterKeySetting,
  /** So many people at least say the same before any of them is shown. */
  k: wholeNumber('VARAI_ML_K', { min: 2, max: 10_000, fallback: 10 }),
  /** How long a row must have stayed as it is before it is shown, in seconds. */
  settle: wholeNumber('VARAI_ML_SETTLE', { min: 0, max: 30 * day, fallback: 3_600 }),
  /** How often rows are looked through for groups that have become large enough, in seconds. */
  releaseEvery: wholeNumber('VARAI_ML_RELEASE_EVERY', { min: 1, max: day, fallback: 600 }),
  /** Rows that the queue holds at most; a full one makes the collector wait. */
  queueRows: wholeNumber('VARAI_ML_QUEUE_ROWS', { min: 1, max: 1_000_000, fallback: 10_000 }),
  /** After so long a row that no worker acknowledged is queued again, in seconds. */
  queueAgain: wholeNumber('VARAI_ML_QUEUE_AGAIN', { min: 1, max: 30 * day, fallback: 3_600 }),
}

/** What the migration step reads. */
export const migrationShape = { mongo: mongoSettings }
