import { once } from 'node:events'
import { openQuickRedis } from '@varai/runtime/redis'
import { BSON, type Db } from 'mongodb'

type Redis = ReturnType<typeof openQuickRedis>

/** Every document of every collection, as bytes. */
export async function* documentsIn(db: Db): AsyncGenerator<Buffer> {
  for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) {
    for await (const document of db.collection(name).find({})) yield Buffer.from(BSON.serialize(document))
  }
}

/** Every key of Redis with all that lies under it. */
export async function* keysIn(url: string): AsyncGenerator<Buffer> {
  const redis = openQuickRedis({ url, prefix: '', answerWithinMs: 10_000 })
  redis.on('error', () => undefined) // the commands say it
  try {
    await once(redis, 'ready')
    let cursor = '0'
    do {
      const [next, keys] = await redis.scan(cursor, 'COUNT', 500)
      cursor = next
      for (const key of keys) yield Buffer.concat([Buffer.from(`${key} `), ...(await valuesOf(redis, key))])
    } while (cursor !== '0')
  } finally {
    redis.disconnect()
  }
}

/** A dump would be compressed: each kind of value is read as it is. */
async function valuesOf(redis: Redis, key: string): Promise<Buffer[]> {
  const type = await redis.type(key)
  switch (type) {
    case 'string':
      return [(await redis.getBuffer(key)) ?? Buffer.alloc(0)]
    case 'list':
      return redis.lrangeBuffer(key, 0, -1)
    case 'set':
      return redis.smembersBuffer(key)
    case 'zset':
      return redis.zrangeBuffer(key, '0', '-1')
    case 'hash':
      return Object.entries(await redis.hgetallBuffer(key)).flatMap(([name, value]) => [Buffer.from(name), value])
    case 'none': // it went while we looked
      return []
    default:
      throw new Error(`${key} is of a kind that is not read here: ${type}`)
  }
}
