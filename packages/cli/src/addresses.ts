import { join } from 'node:path'
import { readRunFile } from '@varai/dev-stack/run-file'
import { ConfigError, type Environment, parseConfig, type SettingShape, type ShapeValue } from '@varai/runtime'
import { Refusal } from './refusal.ts'

/** What the command line says about where things are; each wins over the environment. */
export type AddressFlags = {
  brokers?: string
  registry?: string
  mongo?: string
  mongoDatabase?: string
  topicPrefix?: string
  runFile?: string
}

const stateFolder = join(import.meta.dirname, '..', '..', '..', '.varai')
const addressVariables = ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'MONGO_URL', 'MONGO_URL_FILE']

/**
 * Variables as the services read them: flags, then the environment; where these name no address at all, those of the
 * stack that `npm start` runs here. Never a mixture: a broker of one system with the database of another misleads.
 */
export async function findAddresses(flags: AddressFlags, env: Environment): Promise<Environment> {
  const given = withoutAbsent({
    KAFKA_BROKERS: flags.brokers,
    SCHEMA_REGISTRY_URL: flags.registry,
    MONGO_URL: flags.mongo,
    MONGO_DATABASE: flags.mongoDatabase,
    VARAI_TOPIC_PREFIX: flags.topicPrefix,
  })
  // NAME and NAME_FILE together are refused; a flag is meant to win.
  const inherited = flags.mongo === undefined ? env : { ...env, MONGO_URL_FILE: undefined }
  const merged = { ...inherited, ...given }
  if (flags.runFile === undefined && addressVariables.some((name) => merged[name])) return merged

  const run = await readRunFile(flags.runFile ?? stateFolder)
  if (run === undefined)
    throw new Refusal(
      flags.runFile === undefined
        ? 'No stack is running here. Start one with `npm start`, or say where yours is: --brokers, --registry, --mongo (or KAFKA_BROKERS, SCHEMA_REGISTRY_URL, MONGO_URL).'
        : `Nothing runs by ${flags.runFile}.`,
    )
  return {
    ...merged,
    KAFKA_BROKERS: run.kafka.brokers.join(','),
    SCHEMA_REGISTRY_URL: run.registry.url,
    MONGO_URL: run.mongo.url,
    MONGO_DATABASE: merged.MONGO_DATABASE || run.mongo.database,
    ...(merged['REDIS_URL_FILE'] ? {} : { REDIS_URL: merged['REDIS_URL'] || run.redis.url }),
    ...given,
  }
}

/** Where the reporting service answers: as told, by the environment, or that of the stack that runs here. */
export async function findReporting(
  flags: Pick<AddressFlags, 'runFile'> & { readonly reporting?: string },
  env: Environment,
): Promise<string> {
  const given = flags.reporting ?? (flags.runFile === undefined ? env['VARAI_REPORTING_URL'] || undefined : undefined)
  const found = given ?? (await readRunFile(flags.runFile ?? stateFolder))?.services['reporting']?.url
  if (found === undefined)
    throw new Refusal('No reporting service runs here. Say where yours is: --reporting (or VARAI_REPORTING_URL).')
  if (!URL.canParse(found) || !/^https?:/.test(found))
    throw new Refusal(`--reporting ${found}: expected an http(s) URL`, 2)
  return found
}

/** One command's settings; what is missing or bad ends it with exit code 2. */
export function readSettings<S extends SettingShape>(env: Environment, shape: S): ShapeValue<S> {
  try {
    return parseConfig(env, shape)
  } catch (error) {
    if (error instanceof ConfigError) throw new Refusal(error.message, 2)
    throw error
  }
}

const withoutAbsent = (all: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
