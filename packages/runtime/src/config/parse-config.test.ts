import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ConfigError, parseConfig } from './parse-config.ts'
import { type Environment, type SettingShape, secret } from './setting.ts'
import {
  httpSettings,
  kafkaSettings,
  lanesSetting,
  logSettings,
  masterKeySetting,
  mongoSettings,
  redisSettings,
} from './shared.ts'
import { choices, flag, webUrl, wholeNumber } from './values.ts'

const folder = mkdtempSync(join(tmpdir(), 'varai-config-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

function problems(env: Environment, shape: SettingShape): string[] {
  try {
    parseConfig(env, shape)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((of) => `${of.variable} ${of.problem}`)
    throw error
  }
  return []
}

const whole = {
  http: httpSettings(),
  log: logSettings,
  kafka: kafkaSettings,
  mongo: mongoSettings,
  redis: redisSettings,
  lanes: lanesSetting,
  masterKey: masterKeySetting,
}
const good = {
  KAFKA_BROKERS: 'one:9092, [::1]:9093',
  SCHEMA_REGISTRY_URL: 'http://registry:8080/apis/ccompat/v7',
  MONGO_URL: 'mongodb://db:27017',
  REDIS_URL: 'redis://cache:6379',
  VARAI_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
}

test('what nobody set has its default, and absent options are absent', () => {
  expect(parseConfig(good, whole)).toStrictEqual({
    http: { port: 8080, host: '127.0.0.1' },
    log: { level: 'info' },
    kafka: { brokers: ['one:9092', '[::1]:9093'], registryUrl: good.SCHEMA_REGISTRY_URL, topicPrefix: '' },
    mongo: { url: good.MONGO_URL, database: 'varai', options: {} },
    redis: { url: good.REDIS_URL, options: {} },
    lanes: ['high', 'medium', 'low'],
    masterKey: Buffer.alloc(32, 7),
  })
})

test('every missing and every bad variable is named at once, with what was expected', () => {
  const env = { PORT: '70000', VARAI_LOG_LEVEL: 'loud', KAFKA_BROKERS: 'http://one:9092', LANES: 'high,fast' }
  expect(problems(env, whole)).toEqual([
    'PORT is "70000"; expected a whole number from 0 to 65535',
    'VARAI_LOG_LEVEL is "loud"; expected one of trace, debug, info, warn, error, fatal, silent',
    'KAFKA_BROKERS is "http://one:9092"; expected host:port, several separated by commas',
    'SCHEMA_REGISTRY_URL is missing; expected a URL that begins with http:// or https://, or SCHEMA_REGISTRY_URL_FILE',
    'MONGO_URL is missing; expected a URL that begins with mongodb:// or mongodb+srv://, or MONGO_URL_FILE',
    'REDIS_URL is missing; expected a URL that begins with redis:// or rediss://, or REDIS_URL_FILE',
    'LANES is "high,fast"; expected some of high, medium, low, separated by commas',
    'VARAI_MASTER_KEY is missing; expected 32 random bytes in base64 (openssl rand -base64 32), or VARAI_MASTER_KEY_FILE',
  ])
})

test('the message is one line a problem, readable in a terminal', () => {
  const start = () => parseConfig({}, { mongo: mongoSettings, token: secret('TOKEN') })
  expect(start).toThrow(
    [
      'The configuration cannot be used:',
      '  MONGO_URL  is missing; expected a URL that begins with mongodb:// or mongodb+srv://, or MONGO_URL_FILE',
      '  TOKEN      is missing; expected a secret, or TOKEN_FILE',
    ].join('\n'),
  )
})

test('an empty variable counts as absent, because charts and compose files pass empty ones', () => {
  expect(parseConfig({ PORT: '', HOST: '' }, { http: httpSettings({ port: 3001 }) }).http.port).toBe(3001)
  expect(problems({ TOKEN: '' }, { token: secret('TOKEN') })).toHaveLength(1)
})

test('a problem that two parts share is told once', () => {
  expect(problems({}, { one: secret('TOKEN'), two: secret('TOKEN') })).toHaveLength(1)
})

describe('secrets', () => {
  test('come from the variable or from the file it names, without its last line break', () => {
    expect(parseConfig({ TOKEN: 'abc ' }, { token: secret('TOKEN') }).token).toBe('abc ')
    const path = file('token', 'abc\ndef\n')
    expect(parseConfig({ TOKEN_FILE: path }, { token: secret('TOKEN') }).token).toBe('abc\ndef')
  })

  test('both at once, a missing file and an empty file are refused', () => {
    const shape = { token: secret('TOKEN') }
    expect(problems({ TOKEN: 'a', TOKEN_FILE: '/x' }, shape)).toEqual([
      'TOKEN is set together with TOKEN_FILE; keep one of them',
    ])
    expect(problems({ TOKEN_FILE: '/nowhere/token' }, shape)).toEqual([
      'TOKEN_FILE cannot be read: no such file (/nowhere/token)',
    ])
    expect(problems({ TOKEN_FILE: file('empty', '\n') }, shape)[0]).toMatch(/^TOKEN_FILE is missing/)
  })

  test('never appear in a problem, wherever they come from', () => {
    const bad = { ...good, VARAI_MASTER_KEY: 'hunter2', MONGO_URL: 'mongo://root:hunter2@db', REDIS_URL: 'hunter2' }
    const told = problems(bad, whole)
    expect(told).toHaveLength(3)
    expect(told.join()).not.toContain('hunter2')
    const fromFile = { ...good, VARAI_MASTER_KEY: '', VARAI_MASTER_KEY_FILE: file('key', 'hunter2') }
    expect(problems(fromFile, whole)).toEqual([expect.stringMatching(/^VARAI_MASTER_KEY_FILE is not usable/)])
    expect(problems(fromFile, whole).join()).not.toContain('hunter2')
  })
})

describe('secure connections', () => {
  const pem = (name: string) => file(name, `-----BEGIN ${name}-----\n`)

  test('Kafka: TLS with a client certificate, SASL', () => {
    const env = {
      ...good,
      KAFKA_TLS_CA_FILE: pem('ca'),
      KAFKA_TLS_CERT_FILE: pem('cert'),
      KAFKA_TLS_KEY_FILE: pem('key'),
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: 'varai',
      KAFKA_SASL_PASSWORD_FILE: file('password', 'hunter2\n'),
    }
    expect(parseConfig(env, { kafka: kafkaSettings }).kafka).toMatchObject({
      ssl: { ca: '-----BEGIN ca-----\n', cert: '-----BEGIN cert-----\n', key: '-----BEGIN key-----\n' },
      sasl: { mechanism: 'plain', username: 'varai', password: 'hunter2' },
    })
  })

  test('TLS alone trusts the system', () => {
    expect(parseConfig({ ...good, KAFKA_TLS: 'true' }, { kafka: kafkaSettings }).kafka.ssl).toEqual({})
    expect(parseConfig({ ...good, REDIS_TLS: 'true' }, { redis: redisSettings }).redis.options).toEqual({ tls: {} })
  })

  test('MongoDB and Redis: options as their clients take them', () => {
    const env = {
      ...good,
      MONGO_TLS_CA_FILE: pem('mongo-ca'),
      MONGO_USERNAME: 'varai',
      MONGO_PASSWORD: 'hunter2',
      REDIS_PASSWORD: 'hunter3',
    }
    const config = parseConfig(env, { mongo: mongoSettings, redis: redisSettings })
    expect(config.mongo.options).toStrictEqual({
      auth: { username: 'varai', password: 'hunter2' },
      tls: true,
      tlsCAFile: join(folder, 'mongo-ca'),
    })
    expect(config.redis.options).toStrictEqual({ password: 'hunter3' })
  })

  test('half of a pair, and files that are no PEM, are refused', () => {
    const env = {
      ...good,
      KAFKA_SASL_USERNAME: 'varai',
      KAFKA_TLS_CERT_FILE: pem('half'),
      MONGO_TLS_CA_FILE: file('no-pem', 'hello'),
      MONGO_PASSWORD: 'hunter2',
    }
    expect(problems(env, { kafka: kafkaSettings, mongo: mongoSettings })).toEqual([
      'KAFKA_TLS_KEY_FILE is missing; a certificate and its key go together',
      'KAFKA_SASL_PASSWORD is missing, while KAFKA_SASL_USERNAME is set',
      'MONGO_USERNAME is missing, while MONGO_PASSWORD is set',
      `MONGO_TLS_CA_FILE is not a PEM file (${join(folder, 'no-pem')})`,
    ])
  })
})

test('lists keep the order of their set and each word once', () => {
  const shape = { lanes: choices('LANES', ['high', 'medium', 'low']) }
  expect(parseConfig({ LANES: 'low, high,low' }, shape).lanes).toEqual(['high', 'low'])
  expect(problems({ LANES: ',' }, shape)).toHaveLength(1)
})

test('a URL that paths are put behind', () => {
  const keys = { keys: webUrl('KEYS', 'https://keys.example') }
  expect(parseConfig({}, keys)).toEqual({ keys: 'https://keys.example' })
  expect(parseConfig({ KEYS: 'http://127.0.0.1:8080/a/' }, keys)).toEqual({ keys: 'http://127.0.0.1:8080/a' })
  for (const url of ['keys.example', 'ftp://a', 'https://a?b=1', 'https://u:p@a']) {
    expect(() => parseConfig({ KEYS: url }, keys), url).toThrow('KEYS')
  }
})

test('numbers and flags are not guessed', () => {
  const shape = { most: wholeNumber('MOST', { min: 1, max: 10 }), on: flag('ON', false) }
  expect(problems({ MOST: '1e1', ON: 'yes' }, shape)).toEqual([
    'MOST is "1e1"; expected a whole number from 1 to 10',
    'ON is "yes"; expected true or false',
  ])
})
