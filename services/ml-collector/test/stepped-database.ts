import type { Act } from '@varai/testkit'
import type { Db } from 'mongodb'

type Callable = (...args: unknown[]) => unknown

/** A database each of whose reads and writes is a step of its own: whoever dies between two has done the first alone. */
export function steppedDatabase(db: Db, act: Act): Db {
  const steps =
    (target: object, run: Callable): Callable =>
    (...args) =>
      act(async () => run.apply(target, args))
  const cursor = (of: object): object =>
    wrapped(of, (name, run) =>
      name === 'toArray' || name === 'next' ? steps(of, run) : (...args) => cursor(run.apply(of, args) as object),
    )
  const collection = (of: object): object =>
    wrapped(of, (name, run) =>
      name === 'find' || name === 'aggregate' ? (...args) => cursor(run.apply(of, args) as object) : steps(of, run),
    )
  // What is returned has the methods that a database has.
  return wrapped(db, (name, run) =>
    name === 'collection' ? (...args) => collection(run.apply(db, args) as object) : run.bind(db),
  ) as Db
}

function wrapped(of: object, method: (name: string, run: Callable) => Callable): object {
  return new Proxy(of, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? method(String(name), value as Callable) : value
    },
  })
}
