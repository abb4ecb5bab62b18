import {
  httpSettings,
  kafkaSettings,
  logSettings,
  masterKeySetting,
  mongoSettings,
  pollSettings,
  redisSettings,
  storeRateSetting,
  storesSettings,
} from '@varai/runtime'

/** Everything this service reads from its environment. */
export const configShape = {
  http: httpSettings(),
  log: logSettings,
  stores: storesSettings,
  storeRate: storeRateSetting,
  kafka: kafkaSettings,
  redis: redisSettings,
  /** Where the vault lies: keys, payloads set aside, the ledger of privacy requests. */
  mongo: mongoSettings,
  masterKey: masterKeySetting,
  poll: pollSettings,
}

/** What the migration step reads. */
export const migrationShape = { mongo: mongoSettings }
