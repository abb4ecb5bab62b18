import {
  choices,
  httpSettings,
  kafkaSettings,
  lanesSetting,
  logSettings,
  masterKeySetting,
  mongoSettings,
  optionalRedisSettings,
  optionalText,
} from '@varai/runtime'

/** Every variable this service reads. */
export const configShape = {
  http: httpSettings(),
  log: logSettings,
  lanes: lanesSetting,
  kafka: kafkaSettings,
  mongo: mongoSettings,
  /** Copies of sessions; without it there are none. */
  redis: optionalRedisSettings,
  /** Events that were too large for a lane lie sealed in the vault. */
  masterKey: masterKeySetting,
  /** Which of several stores' values documents show; the shipped file unless given. */
  policy: optionalText('VARAI_POLICY', 'the path of a policy file'),
  /** Records whose changes are told. Not those that are removed when their time is over: their versions begin anew. */
  toldRecords: choices(
    'VARAI_TOLD_RECORDS',
    ['orders', 'customers', 'products', 'inventory', 'stores', 'consents'],
    ['orders'],
  ),
}

/** What the migration step reads. */
export const migrationShape = { mongo: mongoSettings }
