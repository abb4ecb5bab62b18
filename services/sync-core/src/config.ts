import { httpSettings, kafkaSettings, lanesSetting, logSettings, mongoSettings } from '@varai/runtime'

/** Every variable this service reads. */
export const configShape = {
  http: httpSettings(),
  log: logSettings,
  lanes: lanesSetting,
  kafka: kafkaSettings,
  mongo: mongoSettings,
}

/** What the migration step reads. */
export const migrationShape = { mongo: mongoSettings }
