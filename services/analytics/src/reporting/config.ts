import { httpSettings, kafkaSettings, logSettings, mongoSettings } from '@varai/runtime'

/** Every variable this consumer reads. */
export const configShape = {
  http: httpSettings(),
  log: logSettings,
  kafka: kafkaSettings,
  mongo: mongoSettings,
}
