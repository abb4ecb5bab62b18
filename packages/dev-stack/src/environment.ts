import { MongoClient } from 'mongodb'
import type { Component, Found } from './addresses.ts'
import { variables } from './choose.ts'
import { accepts } from './process/port.ts'

/** The address as the environment gives it. Throws when the value cannot be one, without repeating it: it may hold a password. */
export function addressFrom(component: Component, value: string, env: NodeJS.ProcessEnv): Found {
  switch (component) {
    case 'kafka': {
      const brokers = value.split(',').map((broker) => broker.trim())
      const right = brokers.every((broker) => /^[^\s/@]+:\d+$/.test(broker))
      if (!right) throw new Error(`${variables.kafka} must be host:port[,host:port…]`)
      return { kafka: { brokers } }
    }
    case 'registry':
      return { registry: { url: urlFrom(variables.registry, value, ['http:', 'https:']).replace(/\/+$/, '') } }
    case 'mongo': {
      if (!/^mongodb(\+srv)?:\/\/[^/]/.test(value)) {
        throw new Error(`${variables.mongo} must begin with mongodb:// or mongodb+srv://`)
      }
      const database = env['VARAI_MONGO_DATABASE'] || databaseIn(value) || defaultDatabase
      return { mongo: { url: value, database } }
    }
    case 'redis':
      return { redis: { url: urlFrom(variables.redis, value, ['redis:', 'rediss:']) } }
  }
}

export const defaultDatabase = 'varai'

/** `mongodb://a:1,b:2/shop?w=1` → `shop`. WHATWG's URL refuses lists of hosts. */
const databaseIn = (url: string) => /^[^/]+\/\/[^/]+\/([^?]+)/.exec(url)?.[1]

function urlFrom(variable: string, value: string, protocols: string[]): string {
  const url = URL.parse(value)
  if (url === null || !protocols.includes(url.protocol)) {
    throw new Error(`${variable} must be a URL that begins with ${protocols.map((one) => `${one}//`).join(' or ')}`)
  }
  return value
}

/** Whether all that was found answers: not whether it lets us in, which is for its users to find out. */
export async function answers(found: Found): Promise<boolean> {
  const asked: Promise<boolean>[] = []
  if (found.kafka !== undefined) asked.push(someBrokerAnswers(found.kafka.brokers))
  if (found.registry !== undefined) asked.push(registryAnswers(found.registry.url))
  if (found.mongo !== undefined) asked.push(pings(found.mongo.url))
  if (found.redis !== undefined) asked.push(redisAnswers(found.redis.url))
  return (await Promise.all(asked)).every(Boolean)
}

const withoutBrackets = (host: string) => host.replace(/^\[|\]$/g, '')

async function someBrokerAnswers(brokers: readonly string[]): Promise<boolean> {
  const reached = brokers.map((broker) => {
    const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(broker) ?? []
    return accepts(withoutBrackets(host), Number(port), 3_000)
  })
  return (await Promise.all(reached)).includes(true)
}

async function registryAnswers(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
  await answer?.body?.cancel()
  return answer !== undefined && answer.status < 500
}

async function redisAnswers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return accepts(withoutBrackets(hostname), Number(port || 6379), 3_000)
}

/** Whether a MongoDB driver can ping there. */
export async function pings(url: string, withinMs = 5_000): Promise<boolean> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: withinMs, connectTimeoutMS: withinMs })
  try {
    await client.db('admin').command({ ping: 1 })
    return true
  } catch {
    return false
  } finally {
    await client.close()
  }
}
