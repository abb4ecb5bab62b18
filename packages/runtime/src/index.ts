export { ConfigError, parseConfig } from './config/parse-config.ts'
export type { Account, MongoOptions, RedisOptions, SaslOptions, TlsOptions } from './config/secure-connection.ts'
export {
  type ConfigProblem,
  derive,
  type Environment,
  failed,
  optionalSecret,
  type Setting,
  type SettingResult,
  type SettingShape,
  type SettingValue,
  type ShapeValue,
  secret,
  secretVariable,
  settings,
  variable,
} from './config/setting.ts'
export {
  httpSettings,
  kafkaSettings,
  lanesSetting,
  logSettings,
  masterKeySetting,
  mongoSettings,
  optionalRedisSettings,
  pollSettings,
  redisSettings,
  storeRateSetting,
  storesSettings,
} from './config/shared.ts'
export {
  addresses,
  choice,
  choices,
  flag,
  optionalText,
  secretUrl,
  text,
  webUrl,
  wholeNumber,
} from './config/values.ts'
export { describeError, errorText, maskText } from './describe-error.ts'
export { createHealth, type Health, type HealthCheck, type Readiness } from './health.ts'
export { createLog, type Logger, type LogLevel, logLevelFrom, logLevels } from './log.ts'
export { type Counter, createMetrics, type Gauge, type Histogram, type Metrics } from './metrics.ts'
export { type Lifecycle, runService } from './run-service.ts'
export { type HealthServer, serveHealth, urlOf } from './serve-health.ts'
export { StartRefused } from './start-refused.ts'
export * from './stores/index.ts'
