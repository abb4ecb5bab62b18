import {
  httpSettings,
  kafkaSettings,
  logSettings,
  masterKeySetting,
  mongoSettings,
  redisSettings,
  storesSettings,
} from '@varai/runtime'

/** Everything this service reads from its environment. */
export const configShape = {
  http: httpSettings(),
  log: logSettings,
  stores: storesSettings,
  kafka: kafkaSettings,
  redis: redisSettings,
  /** Where the vault keeps the keys under which deliveries are sealed. */
  mongo: mongoSettings,
  masterKey: masterKeySetting,
}
