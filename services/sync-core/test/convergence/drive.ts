import { type Actor, createInterleaving } from '@varai/testkit'
import type { Erasing } from '../../src/erasures/erasure-store.ts'
import type { Event, Question } from '../../src/pure/admit.ts'
import type { DecisionAbout } from '../../src/pure/policy/decide.ts'
import type { Policy } from '../../src/pure/policy/policy.ts'
import type { Verdict } from '../../src/pure/project/verdict.ts'
import type { ToldChange } from '../apply.ts'
import type { Act, SharedGround } from './ground.ts'
import { openProcess, type Process } from './process.ts'

/** What happens around two processes that read three lanes. */
export type Move = {
  readonly what: /** A process takes up the next records of a lane. */
    | 'poll'
    /** One dies, and is started again. */
    | 'kill'
    /** The lanes change hands; what is under way goes on, but nobody waits for it. */
    | 'rebalance'
    /** One is replaced by one that knows the next policy. */
    | 'deploy'
    /** An operator's decision is kept. */
    | 'decide'
    /** The policy in force is applied to everything. */
    | 'reapply'
    /** What was told is taken out of documents. */
    | 'clear'
  /** Which lane, or which process. */
  readonly which: number
  /** How many records at once. */
  readonly size: number
  /** Who of those that wait takes the next step, one after the other. */
  readonly steps: readonly number[]
}

export type Driven = {
  readonly told: readonly ToldChange[]
  readonly seen: {
    readonly steps: number
    readonly kills: number
    /** How often somebody lost so many races that they began anew. */
    readonly givenUp: number
    /** How often stores were asked which of several things is so. */
    readonly ties: number
  }
}

type Lane = { readonly records: Event[]; committed: number; owner: number; underWay: object | undefined }
type Running = { readonly actor: Actor; readonly process: Promise<Process> }

/**
 * Two processes that consume lanes over shared ground, as the moves say, until everything is worked off: they take turns
 * at each step, die, are replaced, and lose their lanes to each other. Then one that is left comes to rest: it applies
 * the newest policy, shows all decisions, and tells what was left behind.
 */
export async function drive(
  ground: SharedGround,
  given: {
    readonly lanes: readonly (readonly Event[])[]
    readonly policies: readonly Policy[]
    readonly decisions: readonly DecisionAbout[]
    readonly verdicts: readonly Verdict[]
    /** Whom each request concerns: who that is, is found out once. */
    readonly erasures?: readonly Erasing[]
    readonly answers: (question: Question) => readonly Event[]
    readonly most: number | undefined
    /** What polls find in the end. */
    readonly found: readonly Event[]
  },
  moves: readonly Move[],
): Promise<Driven> {
  for (const erasing of given.erasures ?? []) await ground.keepErasure(erasing)
  let nextChoice = 0
  const { start, turn, act, kill, step } = createInterleaving((below) => nextChoice % Math.max(1, below))
  const lanes = given.lanes.map(
    (records, at): Lane => ({
      ...{ records: [...records], committed: 0, owner: at % 2, underWay: undefined },
    }),
  )
  /** What operators decide, one after the other. */
  const decided = [
    ...given.decisions.map((decision) => () => ground.keep(decision)),
    ...given.verdicts.map((verdict) => () => ground.keepVerdict(verdict)),
  ]
  const told: ToldChange[] = []
  let [deployed, kills, steps, givenUp, ties] = [0, 0, 0, 0, 0]

  function open(): Running {
    const { promise: process, resolve } = Promise.withResolvers<Process>()
    const actor = start(async (self) => {
      const own: Act = (run) => act(self, run)
      const options = {
        ...{ policy: policyAt(deployed), most: given.most },
        tell: async (change: ToldChange) => {
          await turn(self)
          told.push(change)
        },
        ask: async (question: Question) => {
          await turn(self)
          if (question.reason === 'tie') ties += 1
          // at the end of a lane, as whoever asked the store publishes it
          lanes[question.platformAt % lanes.length]?.records.push(...given.answers(question))
        },
      }
      resolve(await openProcess(ground.of(own), options))
    })
    return { actor, process }
  }
  const policyAt = (at: number): Policy => {
    const policy = given.policies[Math.min(at, given.policies.length - 1)]
    if (policy === undefined) throw new Error('no policy')
    return policy
  }
  const running = [open(), open()]
  const runningAt = (which: number): Running => running[which % 2] ?? raise()

  /** Lets a process do something beside what it does already. */
  function task({ process }: Running, run: (process: Process) => Promise<void>): void {
    start(async () => {
      await run(await process).catch((error: unknown) => {
        // who loses too many races tries again later, as the consumer does
        if (!(error instanceof Error && error.message.includes('guards were lost'))) throw error
        givenUp += 1
      })
    })
  }

  function poll(lane: Lane, size: number): void {
    if (lane.underWay !== undefined || lane.committed >= lane.records.length) return
    const batch = lane.records.slice(lane.committed, lane.committed + size)
    const mark = {}
    lane.underWay = mark
    const owner = runningAt(lane.owner)
    task(owner, async (process) => {
      await process.apply(batch).catch((error: unknown) => {
        if (lane.underWay === mark) lane.underWay = undefined
        throw error
      })
      await turn(owner.actor)
      // a commit of who does not have the lane any more is refused
      if (lane.underWay !== mark) return
      lane.committed += batch.length
      lane.underWay = undefined
    })
  }

  function restart(which: number): void {
    const { actor } = runningAt(which)
    kill(actor)
    kills += 1
    running[which % 2] = open()
    for (const lane of lanes) {
      if (lane.owner !== which % 2) continue
      lane.underWay = undefined
      lane.owner = 1 - lane.owner
    }
  }

  async function carryOut({ what, which, size }: Move): Promise<void> {
    switch (what) {
      case 'poll':
        return poll(lanes[which % lanes.length] ?? raise(), size)
      case 'kill':
        return restart(which)
      case 'rebalance':
        for (const lane of lanes) {
          lane.owner = (lane.owner + which) % 2
          lane.underWay = undefined
        }
        return
      case 'deploy':
        deployed += 1
        return restart(which)
      case 'decide': {
        await decided.shift()?.()
        task(runningAt(which), (process) => process.answer())
        task(runningAt(which), (process) => process.eraseStores())
        return
      }
      case 'reapply':
        task(runningAt(which), (process) => process.reapply())
        return
      case 'clear':
        task(runningAt(which), (process) => process.clear())
        return
      default:
        return what satisfies never
    }
  }

  async function goOn(choice: number): Promise<boolean> {
    nextChoice = choice
    steps += 1
    return step()
  }

  for (const move of moves) {
    await carryOut(move)
    for (const choice of move.steps) await goOn(choice)
  }
  while (lanes.some(({ records, committed }) => committed < records.length)) {
    for (const lane of lanes) poll(lane, 4)
    // without a pattern, as pauses have none: in lockstep two could lose their guards to each other for long
    await goOn(Math.imul(steps + 1, 2_654_435_761) >>> 13)
  }
  while (await goOn(0));
  await comeToRest()
  return { told, seen: { steps, kills, givenUp, ties } }

  async function comeToRest(): Promise<void> {
    for (const keep of decided) await keep()
    const last = await openProcess(
      ground.of((run) => run()),
      {
        ...{ policy: policyAt(given.policies.length - 1), most: given.most },
        tell: async (change) => void told.push(change),
        ask: () => Promise.reject(new Error('a question was left over')),
      },
    )
    if (given.found.length > 0) await last.apply(given.found)
    await last.answer()
    await last.eraseStores()
    // makes everything anew, which nothing else may need
    if (given.policies.length > 1) await last.reapply()
    await last.look()
    await last.sweep()
  }
}

const raise = (): never => {
  throw new RangeError('no such lane or process')
}
