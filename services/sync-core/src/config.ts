import { httpSettings, kafkaSettings, lanesSetting, logSettings, masterKeySetting, mongoSettings } from '@varai/runtime'

/** Every variable this service reads. */
export const configShape = {
  http: httpSettings(),
  log: logSettings,
  lanes: lanesSetting,
  kafka: kafkaSettings,
  mongo: mongoSettings,
  /** Events that were too large for a lane lie sealed in the vault. */
  masterKey: masterKeySetting,
}

/** What the migration step reads. */
export const migrationShape = { mongo: mongoSettings }
