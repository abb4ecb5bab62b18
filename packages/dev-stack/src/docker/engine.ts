import type { ContainerRuntimeClient } from 'testcontainers'

/**
 * The Docker engine that answers, or undefined. testcontainers knows all the ways to name one (DOCKER_HOST, contexts'
 * sockets, rootless, its own properties file). Loaded only when asked for: it is large, and native starts need none of it.
 */
export async function findEngine(): Promise<ContainerRuntimeClient | undefined> {
  const { getContainerRuntimeClient } = await import('testcontainers')
  return getContainerRuntimeClient().catch(() => undefined)
}
