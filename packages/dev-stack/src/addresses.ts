export type Component = 'kafka' | 'registry' | 'mongo' | 'redis'

/** In the order in which they are stopped: what may still write comes first, the log that keeps everything last. */
export const components = ['redis', 'mongo', 'registry', 'kafka'] as const satisfies readonly Component[]

/** Where one run's components answer. `pid` is there for those that this machine started as its own processes. */
export type StackAddresses = {
  /** Brokers as `host:port`. */
  kafka: { brokers: string[]; pid?: number }
  /** The base of the Confluent-compatible API, as registry clients want it (`…/apis/ccompat/v7`). */
  registry: { url: string; pid?: number }
  /** `url` suits `new MongoClient(url)` as it is; `database` is the one to use unless a test takes its own. */
  mongo: { url: string; database: string; pid?: number }
  redis: { url: string; pid?: number }
}

/** The addresses of some components. */
export type Found = Partial<StackAddresses>

export type How = 'environment' | 'docker' | 'native'

export type Choice = {
  how: How
  /** For people: which variable, which image or which program. Holds no credentials. */
  detail: string
}
