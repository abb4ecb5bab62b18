import {
  httpSettings,
  kafkaSettings,
  logSettings,
  masterKeySetting,
  mongoSettings,
  pollSettings,
  redisSettings,
  settings,
  storeRateSetting,
  storesSettings,
  text,
  wholeNumber,
} from '@varai/runtime'

/** Everything this service reads from its environment. */
export const configShape = {
  http: httpSettings(),
  log: logSettings,
  stores: storesSettings,
  storeRate: storeRateSetting,
  kafka: kafkaSettings,
  redis: redisSettings,
  /** Where the vault lies, where the polls note how far they are, and the records that they ask after. */
  mongo: mongoSettings,
  masterKey: masterKeySetting,
  poll: pollSettings,
  /** Deliveries that wait: WooCommerce never sends one again, so the folder has to outlive the process. */
  spool: settings({
    folder: text('VARAI_SPOOL', 'a folder of this process alone, on a disk that outlives it'),
    maxMebibytes: wholeNumber('VARAI_SPOOL_MIB', { min: 1, max: 1_048_576, fallback: 1_024 }),
  }),
}
