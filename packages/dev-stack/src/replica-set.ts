import { MongoClient, MongoServerError } from 'mongodb'

const alreadyInitialized = 23

/**
 * Makes the `mongod` at `url` (started with `--replSet`) a replica set of itself, which transactions and change streams
 * need, and resolves true once it takes writes. Safe to repeat. `self` is how the server reaches itself, `host:port`;
 * when its port changed since the last start the set is told.
 */
export async function becomesReplicaSet(url: string, name: string, self: string): Promise<boolean> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 2_000 })
  try {
    const admin = client.db('admin')
    const config = { _id: name, members: [{ _id: 0, host: self }] }
    try {
      await admin.command({ replSetInitiate: config })
    } catch (error) {
      if (!(error instanceof MongoServerError && error.code === alreadyInitialized)) throw error
    }
    const { config: held } = await admin.command({ replSetGetConfig: 1 })
    if (held.members[0].host !== self) {
      await admin.command({ replSetReconfig: { ...held, ...config, version: held.version + 1 }, force: true })
    }
    const hello = await admin.command({ hello: 1 })
    return hello['isWritablePrimary'] === true
  } finally {
    await client.close()
  }
}
