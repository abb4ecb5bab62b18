import { setImmediate as nextTurn } from 'node:timers/promises'

/** A process that died: never resolves again, nor does anything after it. */
const never = new Promise<never>(() => undefined)

export type Actor = { dead: boolean; over: boolean }
type Parked = { readonly actor: Actor; readonly go: () => void }

/**
 * Runs several actors that share a store, one step at a time, in an order that `choose` decides; an actor may die
 * between any two of its steps.
 */
export function createInterleaving(choose: (below: number) => number) {
  const parked: Parked[] = []
  const actors = new Set<Actor>()

  function start(run: (actor: Actor) => Promise<void>): Actor {
    const actor: Actor = { dead: false, over: false }
    actors.add(actor)
    run(actor).then(
      () => {
        actor.over = true
      },
      (error: unknown) => {
        actor.over = true
        failures.push(error)
      },
    )
    return actor
  }
  const failures: unknown[] = []
  /** What the last step set off, where that takes its time. */
  let moving: Promise<unknown> = Promise.resolve()

  /** Waits for the actor's next step. */
  async function turn(actor: Actor): Promise<void> {
    if (actor.dead) return never
    await new Promise<void>((resolve) => parked.push({ actor, go: resolve }))
  }

  /** One step that takes its time: nobody else takes one before it is over. Who dies meanwhile never hears of it. */
  async function act<T>(actor: Actor, run: () => Promise<T>): Promise<T> {
    await turn(actor)
    const moved = run()
    moving = moved.catch(() => undefined)
    const result = await moved
    return actor.dead ? never : result
  }

  function kill(actor: Actor): void {
    actor.dead = true
    for (let at = parked.length - 1; at >= 0; at -= 1) if (parked[at]?.actor === actor) parked.splice(at, 1)
  }

  /** Lets one actor take one step; false when none is waiting for one. */
  async function step(): Promise<boolean> {
    await nextTurn()
    await moving
    await nextTurn()
    if (failures.length > 0) throw failures[0]
    const [next] = parked.splice(choose(parked.length), 1)
    next?.go()
    return next !== undefined
  }

  return { start, turn, act, kill, step, living: () => [...actors].filter(({ dead, over }) => !dead && !over) }
}

export type Act = <T>(run: () => Promise<T>) => Promise<T>

/**
 * Hands out work as a group of consumers does, several at once: now and then what is under way is begun anew by another
 * one (for whom nobody waits goes on), or a consumer dies, and its work is begun anew. Ends when all work was done by
 * somebody. `watch` looks after every step.
 */
export async function consumeAll<W>(
  all: readonly W[],
  options: {
    readonly choose: (below: number) => number
    /** `step` waits for the next turn; `act` too, and then takes a step that takes its time. */
    readonly work: (of: W, step: () => Promise<void>, act: Act) => Promise<void>
    readonly watch?: () => Promise<void>
  },
): Promise<void> {
  const { choose, watch } = options
  const { start, turn, act, kill, step, living } = createInterleaving(choose)
  const begin = (of: W) =>
    start((actor) =>
      options.work(
        of,
        () => turn(actor),
        (run) => act(actor, run),
      ),
    )
  const waiting = [...all]
  const consumers = new Map<W, Actor>()
  for (let steps = 0; ; steps += 1) {
    // a long tail of trouble proves nothing more
    const chance = steps < 300 || waiting.length > 0 ? choose(100) : 100
    if (waiting.length > 0 && chance < 8) {
      const [next] = waiting.splice(choose(waiting.length), 1)
      if (next !== undefined) consumers.set(next, begin(next))
    } else if (chance < 10 && consumers.size > 0) {
      const [some] = [...consumers].at(choose(consumers.size)) ?? []
      if (some !== undefined) consumers.set(some, begin(some))
    } else if (chance < 13) {
      const victim = living().at(choose(Math.max(1, living().length)))
      if (victim !== undefined) kill(victim)
      for (const [of, actor] of consumers) if (actor.dead) consumers.set(of, begin(of))
    }
    const moved = await step()
    await watch?.()
    if (!moved && waiting.length === 0 && living().length === 0) break
  }
}
