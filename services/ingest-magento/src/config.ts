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
  webUrl,
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
  /** Where Adobe publishes the keys that its events are signed with. */
  adobeKeys: webUrl('VARAI_ADOBE_KEYS_URL', 'https://static.adobeioevents.com'),
}
