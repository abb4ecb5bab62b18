import { contents, type Data, type DataType, type Names, periodOf, type RowContent, weekOf } from '@varai/ml-data/pure'
import { type ConsentLevel, consentLevels, consentTable } from '@varai/privacy'
import type { Fact, Plain } from '../facts/fact.ts'
import { timeOf } from '../moment.ts'
import { erasureOf, type Standing, standingOf } from './standing.ts'
import type { World } from './world.ts'

/** A training row before it has company. */
export type Row = RowContent & {
  readonly id: string
  /** The choice by which it is of this level. */
  readonly cause: string | undefined
}

/** The rows of an entity as they must be now, or by which choice or request there are none. */
export type RowsOf = { readonly entity: string; readonly rows: readonly Row[]; readonly goneBy: string | undefined }

const ruleOf = { face_analysis: 'face_analysis_completed', ai_session: 'ai_session_completed' } as const
const rules = { ...ruleOf, recommendation_outcome: 'recommendation_generated', order: 'order_created' } as const

/** Everything that may be known of an entity, in the words of rows. */
type Known = {
  readonly dataType: DataType
  readonly categories: Readonly<Record<string, Plain | undefined>>
  readonly measures: Readonly<Record<string, number | undefined>>
}

/** The rows that facts of a session, a recommendation or an order make. Of other facts none. */
export function rowsOf(entity: Fact, world: World, names: Names): RowsOf {
  const none = { entity: entity.id, rows: [], goneBy: undefined }
  const [whole] = knownOf(entity, world)
  const erased = erasureOf(whole, world)
  const left = erased === undefined ? world : world.without(erased.until)
  const [around, known] = knownOf(left.get(entity.id) ?? entity, left)
  if (erased !== undefined && known.length === 0) return { ...none, goneBy: erased.by }
  if (around.length === 0) return none
  const standing = standingOf(around, left)
  if (standing.kind === 'gone') return { ...none, goneBy: standing.cause }
  return { ...none, rows: known.map((each) => rowOf(entity, around, standing, each, names)) }
}

function knownOf(entity: Fact, world: World): [readonly Fact[], readonly Known[]] {
  switch (entity.kind) {
    case 'session':
      return ofSession(entity, world)
    case 'recommendation':
      return ofRecommendation(entity, world)
    case 'order':
      return ofOrder(entity, world)
    case 'account':
    case 'address':
    case 'product':
      return [[], []]
    default:
      return entity.kind satisfies never
  }
}

const value = (fact: Fact | undefined, name: string): Plain | undefined => fact?.values[name]?.value
const number = (of: Plain | undefined): number | undefined =>
  typeof of === 'number' && Number.isFinite(of) ? of : undefined
const fields = (of: Plain | undefined): Readonly<Record<string, Plain>> =>
  typeof of === 'object' && of !== null ? of : {}

const isPlaced = (order: Fact): boolean => value(order, 'live') === true && value(order, 'test') !== true
const isBought = (order: Fact): boolean => isPlaced(order) && value(order, 'cancelled') !== true

/** How far it went, by what was done with `fact`, and by what was bought after all. */
function outcomeOf(fact: Fact, bought: boolean): string {
  if (bought) return 'purchased'
  if (value(fact, 'try_on') === true) return 'try_on'
  return value(fact, 'click') === true ? 'click' : 'none'
}

function ofSession(session: Fact, world: World): [readonly Fact[], readonly Known[]] {
  const orders = world.ordersOf(session)
  if (value(session, 'deleted') === true) return [[session, ...orders], []]
  const face = fields(value(session, 'face'))
  const outcome = outcomeOf(session, value(session, 'purchased') === true || orders.some(isBought))
  const categories = { faceShape: face['faceShape'], outcome }
  const measures = Object.fromEntries(contents.face_analysis.measures.map(({ name }) => [name, number(face[name])]))
  const talk = fields(value(session, 'conversation'))
  const done = value(session, 'ended') === true || number(value(session, 'completed')) !== undefined
  const known: Known[] = []
  if (typeof face['faceShape'] === 'string') known.push({ dataType: 'face_analysis', categories, measures })
  if (done) {
    known.push({
      ...{ dataType: 'ai_session', categories },
      measures: {
        durationSeconds: durationOf(session),
        recommendations: session.names.filter((name) => name.startsWith('r_')).length,
        turns: number(talk['turns']),
        shopperWords: number(talk['shopperWords']),
      },
    })
  }
  return [[session, ...orders], known]
}

function durationOf(session: Fact): number | undefined {
  const [from, to] = [number(value(session, 'started')), number(value(session, 'completed'))]
  const seconds = from !== undefined && to !== undefined && to >= from ? (to - from) / 1_000 : undefined
  return seconds ?? number(value(session, 'duration'))
}

function ofRecommendation(recommendation: Fact, world: World): [readonly Fact[], readonly Known[]] {
  const session = world.sessionAround(recommendation)
  if (session === undefined) return [[recommendation], []]
  const orders = world.ordersOf(session)
  const bought = orders.some(
    (order) => isBought(order) && recommendation.names.some((name) => name in fields(value(order, 'named'))),
  )
  const items = number(value(recommendation, 'items'))
  const around = [session, ...orders, recommendation]
  // A click may be told of before what was clicked on; and of what was erased nothing is left but whose it was.
  if (items === undefined) return [around, []]
  const first = value(recommendation, 'first')
  const categories = {
    faceShape: fields(value(session, 'face'))['faceShape'],
    outcome: outcomeOf(recommendation, bought),
    algorithm: value(recommendation, 'algorithm'),
    frameShape: typeof first === 'string' ? value(world.get(first), 'frameShape') : undefined,
  }
  return [around, [{ dataType: 'recommendation_outcome', categories, measures: { items } }]]
}

function ofOrder(order: Fact, world: World): [readonly Fact[], readonly Known[]] {
  const session = world.sessionOf(order)
  const others = session === undefined ? [] : world.ordersOf(session).filter(({ id }) => id !== order.id)
  const around = session === undefined ? [order] : [session, order, ...others]
  if (!isPlaced(order)) return [around, []]
  const categories = {
    faceShape: fields(value(session, 'face'))['faceShape'],
    outcome: isBought(order) ? 'purchased' : 'cancelled',
    currency: value(order, 'currency'),
    recommended: value(order, 'recommended') === true,
  }
  return [around, [{ dataType: 'order', categories, measures: { total: number(value(order, 'total')) } }]]
}

type Allowed = Extract<Standing, { kind: 'allowed' }>

function rowOf(entity: Fact, around: readonly Fact[], standing: Allowed, known: Known, names: Names): Row {
  const { dataType } = known
  const { level, subject, cause } = standing
  const rule = consentTable[rules[dataType]][level].ml
  const content = contents[dataType]
  const all = rule?.facts === 'event'
  const talks = rule?.conversation === 'features'
  const categories = Object.fromEntries(
    content.categories
      .filter(({ basic }) => all || basic === true)
      .map(({ name }) => [name, plain(known.categories[name])]),
  )
  const allowed = content.measures.filter(({ from = 'enhanced' }) => all && (from !== 'research' || talks))
  const measures = Object.fromEntries(
    allowed.flatMap(({ name }) => {
      const measure = known.measures[name]
      return measure === undefined ? [] : [[name, measure]]
    }),
  )
  const week = weekOf(number(value(entity, 'created')) ?? timeOf(entity.first))
  const place = { platform: entity.platform, region: regionOf(around), week }
  const common = [dataType, level, ...Object.values(place), categories, Object.keys(measures)]
  return {
    ...{
      id: names.row(dataType, entity.id),
      entity: entity.id,
      dataType,
      level,
      ...place,
      subject,
      store: entity.store,
    },
    period: rule?.pseudonym === 'rotating' ? periodOf(week) : null,
    group: JSON.stringify(common),
    ...{ categories, measures, cause },
  }
}

const plain = (of: Plain | undefined): Data[string] => (of === undefined || typeof of === 'object' ? null : of)

function regionOf(around: readonly Fact[]): string {
  const [region] = around.map((fact) => value(fact, 'region')).filter((text) => typeof text === 'string')
  return region ?? 'NA'
}

/** Whether a level allows less than another one did. */
export const isLess = (now: ConsentLevel, before: ConsentLevel): boolean =>
  consentLevels.indexOf(now) < consentLevels.indexOf(before)
