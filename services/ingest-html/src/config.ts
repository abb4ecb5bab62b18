import {
  httpSettings,
  kafkaSettings,
  logSettings,
  masterKeySetting,
  mongoSettings,
  redisSettings,
  settings,
  storesSettings,
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
  /** How many proxies stand before this process: their word about a sender's address is believed. */
  trustedProxies: wholeNumber('VARAI_TRUSTED_PROXIES', { min: 0, max: 10, fallback: 0 }),
  /** What browsers may send in a minute. */
  collect: settings({
    requestsPerAddress: wholeNumber('VARAI_COLLECT_REQUESTS_PER_ADDRESS', { min: 1, max: 1_000_000, fallback: 300 }),
    eventsPerKey: wholeNumber('VARAI_COLLECT_EVENTS_PER_KEY', { min: 1, max: 100_000_000, fallback: 60_000 }),
  }),
}
