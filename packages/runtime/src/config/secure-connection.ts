import { derive, failed, optionalSecret, readText, type Setting, type SettingResult, settings } from './setting.ts'
import { choice, flag, optionalText } from './values.ts'

/** PEM texts for a TLS connection, in the form that Node, kafkajs and ioredis take. */
export type TlsOptions = { readonly ca?: string; readonly cert?: string; readonly key?: string }

/** NAME_TLS=true, or any of NAME_TLS_CA_FILE, NAME_TLS_CERT_FILE, NAME_TLS_KEY_FILE, turns TLS on. */
export function tlsSetting(name: 'KAFKA' | 'REDIS'): Setting<TlsOptions | undefined> {
  const file = (part: string) => pemFile(`${name}_TLS_${part}_FILE`)
  const parts = settings({ on: flag(`${name}_TLS`, false), ca: file('CA'), cert: file('CERT'), key: file('KEY') })
  return derive(parts, ({ on, ca, cert, key }): SettingResult<TlsOptions | undefined> => {
    if ((cert === undefined) !== (key === undefined)) {
      return failed(`${name}_TLS_${cert ? 'KEY' : 'CERT'}_FILE`, 'is missing; a certificate and its key go together')
    }
    if (!on && ca === undefined && cert === undefined) return { ok: true, value: undefined }
    return { ok: true, value: withoutAbsent({ ca, cert, key }) }
  })
}

function pemFile(name: string): Setting<string | undefined> {
  return derive(optionalText(name, 'the path of a PEM file'), (path): SettingResult<string | undefined> => {
    if (path === undefined) return { ok: true, value: undefined }
    const content = readText(path)
    if (!content.ok) return failed(name, `cannot be read: ${content.reason} (${path})`)
    if (!content.text.includes('-----BEGIN ')) return failed(name, `is not a PEM file (${path})`)
    return { ok: true, value: content.text }
  })
}

const saslMechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const
export type SaslOptions = {
  readonly mechanism: (typeof saslMechanisms)[number]
  readonly username: string
  readonly password: string
}

/** KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD (or …_FILE) turn SASL on; KAFKA_SASL_MECHANISM chooses how. */
export function saslSetting(): Setting<SaslOptions | undefined> {
  const parts = settings({
    mechanism: choice('KAFKA_SASL_MECHANISM', saslMechanisms, 'scram-sha-512'),
    account: account('KAFKA_SASL'),
  })
  return derive(parts, ({ mechanism, account }) => ({ ok: true, value: account && { mechanism, ...account } }))
}

export type Account = { readonly username: string; readonly password: string }

function account(name: string): Setting<Account | undefined> {
  const parts = settings({
    username: optionalText(`${name}_USERNAME`, 'a user name'),
    password: optionalSecret(`${name}_PASSWORD`),
  })
  return derive(parts, ({ username, password }): SettingResult<Account | undefined> => {
    if (username === undefined && password === undefined) return { ok: true, value: undefined }
    if (username === undefined) return failed(`${name}_USERNAME`, `is missing, while ${name}_PASSWORD is set`)
    if (password === undefined) return failed(`${name}_PASSWORD`, `is missing, while ${name}_USERNAME is set`)
    return { ok: true, value: { username, password } }
  })
}

export type MongoOptions = {
  readonly auth?: Account
  readonly tls?: true
  readonly tlsCAFile?: string
  readonly tlsCertificateKeyFile?: string
}

/** The driver reads PEM files itself and wants certificate and key in one: MONGO_TLS_CERT_FILE. */
export function mongoOptions(): Setting<MongoOptions> {
  const parts = settings({
    auth: account('MONGO'),
    on: flag('MONGO_TLS', false),
    tlsCAFile: optionalText('MONGO_TLS_CA_FILE', 'the path of a PEM file'),
    tlsCertificateKeyFile: optionalText('MONGO_TLS_CERT_FILE', 'the path of a PEM file with certificate and key'),
    // Read only for its problems: better named now than as a failing connection.
    ca: pemFile('MONGO_TLS_CA_FILE'),
    cert: pemFile('MONGO_TLS_CERT_FILE'),
  })
  return derive(parts, ({ auth, on, tlsCAFile, tlsCertificateKeyFile }) => {
    const tls = on || tlsCAFile !== undefined || tlsCertificateKeyFile !== undefined
    return {
      ok: true,
      value: withoutAbsent({ auth, tls: tls ? (true as const) : undefined, tlsCAFile, tlsCertificateKeyFile }),
    }
  })
}

export type RedisOptions = { readonly username?: string; readonly password?: string; readonly tls?: TlsOptions }

/** Redis allows a password without a user name (the default user). */
export function redisOptions(): Setting<RedisOptions> {
  const parts = settings({
    username: optionalText('REDIS_USERNAME', 'a user name'),
    password: optionalSecret('REDIS_PASSWORD'),
    tls: tlsSetting('REDIS'),
  })
  return optionalsLeftOut(parts)
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** The same setting, with absent values as absent properties. */
export const optionalsLeftOut = <T extends object>(setting: Setting<T>): Setting<Present<T>> =>
  derive(setting, (value) => ({ ok: true, value: withoutAbsent(value) }))

/** Clients tell an absent option from an undefined one, so undefined ones are left out. */
function withoutAbsent<T extends object>(options: T): Present<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Present<T>
}
