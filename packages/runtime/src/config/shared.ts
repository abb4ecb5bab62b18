import { z } from 'zod'
import { logLevels } from '../log.ts'
import { mongoOptions, optionalsLeftOut, redisOptions, saslSetting, tlsSetting } from './secure-connection.ts'
import { type Setting, type SettingValue, secretVariable, settings } from './setting.ts'
import { addresses, choice, choices, flag, secretUrl, text, wholeNumber } from './values.ts'

/** PORT and HOST of the service's own HTTP; port 0 takes a free one. */
export const httpSettings = (fallback: { readonly port: number } = { port: 8080 }) =>
  settings({
    port: wholeNumber('PORT', { min: 0, max: 65_535, fallback: fallback.port }),
    host: text('HOST', 'a host name or address to listen on', '127.0.0.1'),
  })

/** VARAI_LOG_LEVEL. */
export const logSettings = settings({ level: choice('VARAI_LOG_LEVEL', logLevels, 'info') })

/** VARAI_STORES: where the stores file lies. */
export const storesSettings = settings({ path: text('VARAI_STORES', 'the path of the stores file', 'stores.yaml') })

/** LANES: which lanes this process consumes; absent means all. */
export const lanesSetting: Setting<readonly ('high' | 'medium' | 'low')[]> = choices('LANES', ['high', 'medium', 'low'])

/** VARAI_MASTER_KEY: the 32 bytes that wrap every other key. */
export const masterKeySetting: Setting<Buffer> = secretVariable(
  'VARAI_MASTER_KEY',
  z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/)
    .transform((base64) => Buffer.from(base64, 'base64')),
  '32 random bytes in base64 (openssl rand -base64 32)',
)

/** A broker cluster, its registry and the prefix under which this environment's topics and groups lie. */
export const kafkaSettings = optionalsLeftOut(
  settings({
    brokers: addresses('KAFKA_BROKERS'),
    registryUrl: secretUrl('SCHEMA_REGISTRY_URL', ['http', 'https']),
    topicPrefix: text('VARAI_TOPIC_PREFIX', 'text put before every topic and group name', ''),
    ssl: tlsSetting('KAFKA'),
    sasl: saslSetting(),
  }),
)

/** MongoDB. `options` are the driver's, to be passed on as they are. */
export const mongoSettings = settings({
  url: secretUrl('MONGO_URL', ['mongodb', 'mongodb+srv']),
  database: text('MONGO_DATABASE', 'a database name', 'varai'),
  options: mongoOptions(),
})

/** Redis. `options` are ioredis', to be passed on as they are; a rediss:// URL turns TLS on by itself. */
export const redisSettings = settings({
  url: secretUrl('REDIS_URL', ['redis', 'rediss']),
  options: redisOptions(),
})

/** The same where it can be done without: undefined while neither REDIS_URL nor REDIS_URL_FILE is set. */
export const optionalRedisSettings: Setting<SettingValue<typeof redisSettings> | undefined> = {
  read: (env) => (env['REDIS_URL'] || env['REDIS_URL_FILE'] ? redisSettings.read(env) : { ok: true, value: undefined }),
}

/**
 * VARAI_STORE_RATE: deliveries a second of one store that a process takes on the average; ten times as many at once. No
 * shop has so much to say; one that floods does.
 */
export const storeRateSetting = wholeNumber('VARAI_STORE_RATE', { min: 1, max: 1_000_000, fallback: 2_000 })

/** How often stores are asked what changed, in seconds. */
export const pollSettings = settings({
  /** Whether this process asks at all; others of the same service may. */
  on: flag('VARAI_POLL', true),
  every: wholeNumber('VARAI_POLL_EVERY', { min: 1, max: 86_400, fallback: 900 }),
  /** How far each poll goes back behind what it has seen. */
  overlap: wholeNumber('VARAI_POLL_OVERLAP', { min: 0, max: 86_400, fallback: 600 }),
  /** Between readings of all there is: what no store lists by its changes, and what is gone. */
  whole: wholeNumber('VARAI_POLL_WHOLE_EVERY', { min: 1, max: 2_592_000, fallback: 21_600 }),
})
