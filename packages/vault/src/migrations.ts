import type { Db } from 'mongodb'
import { indexKeys } from './key-store.ts'
import { indexPayloads } from './payload-store.ts'
import { indexRequests } from './request-store.ts'

/** The indexes of the vault; resolves with their names. Safe to run again and by two processes. */
export const vaultMigrations = (db: Db): Promise<readonly string[]> =>
  Promise.all([indexKeys(db), indexPayloads(db), indexRequests(db)])
