/**
 * What outlives the page: localStorage, which all tabs share; where there is none, or no room, the page's memory.
 * One key for each thing, so that two tabs never write the same one from what each read before.
 */
const memory = new Map<string, string>()

/** Without localStorage even to look at it throws. */
function stored<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage)
  } catch {
    return undefined
  }
}

export const get = (name: string): string | undefined =>
  memory.get(name) ?? stored((storage) => storage.getItem(name)) ?? undefined

export function set(name: string, value: string): void {
  memory.set(name, value)
  stored((storage) => {
    storage.setItem(name, value)
    memory.delete(name)
  })
}

export function remove(name: string): void {
  memory.delete(name)
  stored((storage) => storage.removeItem(name))
}

/** Sorted. */
export const names = (start: string): string[] =>
  [...memory.keys(), ...(stored(Object.keys) ?? [])].filter((name) => name.startsWith(start)).sort()

/** JSON that we wrote; of what is none of it, nothing. */
export function getObject<T extends object>(name: string): Partial<T> {
  try {
    return { ...JSON.parse(get(name) ?? '') }
  } catch {
    return {}
  }
}
