export { openQuickRedis, slowestRetryMs } from './quick-redis.ts'
export { createVersionedCache, type VersionedCache } from './versioned-cache.ts'
