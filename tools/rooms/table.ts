/**
 * Who may import whom. A file lies in every room whose glob names it and keeps the rules of all of them; a test keeps
 * only those that say `testsToo`.
 *
 * Imports are written as:
 * - `kafkajs`, `@kafkajs/*`, `node:crypto`: packages and what is built into Node
 * - `@varai/kafka`, `@varai/ingest/pure`: packages of ours, as they are imported
 * - `./pure/**`: files of the same package, seen from its `src`
 * - `type ./**`: the same, but only what `import type` brings
 * - `a service`, `another service`: any of services/*, any but one's own
 */
export type Room = {
  name: string
  files: readonly string[]
  /** When given, nothing else may be imported. */
  mayImport?: readonly string[]
  neverImports?: readonly string[]
  /** Globals, members of globals and kinds of statement. */
  neverUses?: readonly string[]
  why: string
  testsToo?: true
}

const own = './**'
const ourTypes = ['type ./**', 'type @varai/*']
/** Clocks, chance, timers, the process and the network: what makes two runs of a function differ. */
const impure = [
  ...['process', 'Date.now', 'new Date()', 'Date()', 'performance', 'Math.random', 'crypto', 'fetch', 'console'],
  ...['randomUUID', 'randomBytes', 'randomInt', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
]
const forTests = ['cli', 'simulator', 'testkit', 'conformance', 'dev-stack', 'demo'].map((name) => `@varai/${name}`)
const ingestMayImport = [
  ...[own, 'node:*', 'express', 'lossless-json', 'oauth-1.0a', 'p-retry', 'zod'],
  ...['@varai/schemas', '@varai/kafka', '@varai/runtime', '@varai/runtime/*', '@varai/vault', '@varai/privacy'],
]

export const rooms: readonly Room[] = [
  {
    name: 'packages/schemas',
    files: ['packages/schemas/src/**'],
    mayImport: [own, 'avsc'],
    why: 'the contract stands on nothing of ours',
  },
  {
    name: 'packages/privacy',
    files: ['packages/privacy/src/**'],
    mayImport: [own, 'node:crypto', 'libphonenumber-js'],
    neverUses: impure,
    why: 'privacy rules are pure and stand on nothing of ours',
  },
  {
    name: 'packages/runtime',
    files: ['packages/runtime/src/**'],
    mayImport: [
      own,
      'node:*',
      'pino',
      'prom-client',
      '@opentelemetry/*',
      'mongodb',
      'ioredis',
      'zod',
      'yaml',
      'fastest-levenshtein',
    ],
    why: 'the ground under every process knows no Kafka and no service; mongodb is for leases, ioredis for what goes on without it',
  },
  {
    name: 'packages/vault',
    files: ['packages/vault/src/**'],
    mayImport: [own, 'node:*', 'mongodb', '@varai/privacy', '@varai/runtime', '@varai/runtime/*'],
    why: 'keys are kept apart from everything that carries events',
  },
  {
    name: 'packages/kafka',
    files: ['packages/kafka/src/**'],
    mayImport: [own, 'node:*', 'kafkajs', '@kafkajs/*', 'mappersmith/*', 'avsc', '@varai/schemas', '@varai/runtime'],
    why: 'transport knows no database and no service',
  },
  {
    name: 'packages/set-aside',
    files: ['packages/set-aside/src/**'],
    mayImport: [own, '@varai/schemas', '@varai/kafka', '@varai/vault'],
    why: 'consumers that need large events whole share how these are read back; it decides nothing about their content',
  },
  {
    name: 'packages/ingest',
    files: ['packages/ingest/src/*', 'packages/ingest/src/!(poll)/**'],
    mayImport: ingestMayImport,
    why: 'a webhook is answered without the database of the documents',
  },
  {
    name: 'packages/ingest/src/poll',
    files: ['packages/ingest/src/poll/**'],
    mayImport: [...ingestMayImport, 'mongodb'],
    why: 'what is polled on a clock may look at the records; it never answers a webhook',
  },
  {
    name: 'packages/ml-data',
    files: ['packages/ml-data/src/**'],
    mayImport: [own, 'node:*', 'mongodb', 'ioredis', 'hyparquet-writer', '@varai/privacy'],
    why: 'training rows as others get them: the service that makes them and the command line that exports them share it',
  },
  {
    name: 'packages/snippet/src/page',
    files: ['packages/snippet/src/{page,pure}/**'],
    mayImport: [own],
    neverUses: ['process', 'eval', 'Function'],
    why: 'what runs in pages is small, stands alone and keeps to the strictest policy',
  },
  {
    name: 'pure',
    files: ['{packages,services}/*/src/pure/**'],
    mayImport: [
      './pure/**',
      '@varai/schemas',
      '@varai/privacy',
      '@varai/ingest/pure',
      '@varai/ml-data/pure',
      'node:crypto',
      'lossless-json',
      'libphonenumber-js',
      'zod',
    ],
    neverUses: impure,
    why: 'a decision depends on its arguments alone: it can be tested, repeated and replayed',
  },
  {
    name: 'handlers',
    files: ['services/*/src/{apply,count,collect,fetch}-*.ts'],
    mayImport: [
      ...['./pure/**', ...ourTypes, '@varai/kafka', '@varai/ingest/pure', '@varai/ml-data/pure', '@varai/schemas'],
      '@varai/privacy',
    ],
    why: 'a handler decides with pure functions and speaks to the world through what it is given; @varai/kafka: Outcome',
  },
  {
    name: 'stores',
    files: ['{packages,services}/*/src/**/*-store.ts'],
    mayImport: [
      own,
      'node:*',
      'mongodb',
      '@varai/schemas',
      '@varai/privacy',
      '@varai/runtime',
      '@varai/runtime/guarded-writes',
      '@varai/runtime/redis',
      'type @varai/*',
    ],
    neverImports: ['@varai/kafka', './**/*-store.ts', './{apply,count,collect,fetch}-*.ts', './main.ts', './config.ts'],
    why: 'a store owns its collection or its keys, and knows neither Kafka, nor another store, nor who uses it',
  },
  {
    name: 'config',
    files: ['services/*/src/{,*/}config.ts'],
    mayImport: ['@varai/runtime', '@varai/runtime/*', 'type @varai/*', 'zod'],
    why: 'configuration is read once, by itself, before anything else exists',
  },
  {
    name: 'main',
    files: ['services/*/src/{,*/}main.ts'],
    neverUses: ['if', 'switch', 'for', 'while'],
    why: 'main wires; what decides has a file and a test of its own',
  },
  {
    name: 'one service knows no other',
    files: ['services/**'],
    neverImports: ['another service'],
    why: 'services meet in topics and documents only',
    testsToo: true,
  },
  {
    name: 'packages know no service',
    files: ['packages/**'],
    neverImports: ['a service'],
    why: 'what all share depends on none of them',
    testsToo: true,
  },
  {
    name: 'tools stay out of production',
    files: [
      'services/*/src/**',
      'packages/{schemas,privacy,runtime,vault,kafka,set-aside,ingest,ml-data,snippet}/src/**',
    ],
    neverImports: [...forTests, ...forTests.map((name) => `${name}/*`)],
    why: 'what serves tests, demos and operators is not part of a service',
  },
  {
    name: 'only packages/kafka speaks to Kafka',
    // bench/src/peers stays out: what others do with the bare client is what they measure us against.
    files: ['services/**', 'packages/!(kafka)/**', 'demo/**', 'acceptance/**', 'bench/src/*', 'bench/src/!(peers)/**'],
    neverImports: ['kafkajs', '@kafkajs/*'],
    why: 'its traps are cured in one place',
    testsToo: true,
  },
]
