import {
  httpSettings,
  kafkaSettings,
  logSettings,
  masterKeySetting,
  mongoSettings,
  redisSettings,
  settings,
  storesSettings,
  text,
  wholeNumber,
} from '@varai/runtime'

/** Everything this service reads from its environment. */
export const configShape = {
  http: httpSettings(),
  log: logSettings,
  stores: storesSettings,
  kafka: kafkaSettings,
  redis: redisSettings,
  /** Where the vault lies: the keys that seal what is kept in the dead letters, payloads set aside. */
  mongo: mongoSettings,
  masterKey: masterKeySetting,
  /** Deliveries that wait: WooCommerce never sends one again, so the folder has to outlive the process. */
  spool: settings({
    folder: text('VARAI_SPOOL', 'a folder of this process alone, on a disk that outlives it'),
    maxMebibytes: wholeNumber('VARAI_SPOOL_MIB', { min: 1, max: 1_048_576, fallback: 1_024 }),
  }),
}
