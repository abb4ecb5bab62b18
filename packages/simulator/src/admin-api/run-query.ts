import {
  type DocumentNode,
  execute,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql'
import type { Bucket } from './bucket.ts'
import { actualCost, requestedCost } from './cost.ts'
import { adminSchema } from './schema.ts'

/** A GraphQL request as it was sent. */
export type Posted = { readonly query: string; readonly variables: Readonly<Record<string, unknown>> }
export type Ran = {
  readonly outcome: 'answered' | 'throttled' | 'too-expensive' | 'invalid'
  readonly operation: string
  readonly body: Readonly<Record<string, unknown>>
}

const documentation = 'https://shopify.dev/api/usage/rate-limits'

/** Runs a query as Shopify does: what it may cost is settled before it starts. All of these answers are a 200. */
export async function runQuery(
  { query, variables }: Posted,
  on: { readonly root: object; readonly bucket: Bucket; readonly maxCost: number; readonly throttled?: boolean },
): Promise<Ran> {
  let document: DocumentNode
  try {
    document = parse(query)
  } catch (error) {
    return { outcome: 'invalid', operation: '', body: { errors: [{ message: String(error) }] } }
  }
  const operation = document.definitions.find(isOperation)
  const name = operation?.name?.value ?? ''
  const errors = validate(adminSchema, document)
  if (operation === undefined || errors.length > 0) {
    return {
      outcome: 'invalid',
      operation: name,
      body: { errors: errors.map(({ message }) => ({ message, extensions: { code: 'undefinedField' } })) },
    }
  }
  const fragments = new Map(document.definitions.filter(isFragment).map((each) => [each.name.value, each]))
  const cost = requestedCost(operation, { schema: adminSchema, fragments, variables })
  if (cost > on.maxCost) return { outcome: 'too-expensive', operation: name, body: tooExpensive(cost, on.maxCost) }
  if (on.throttled === true || !on.bucket.take(cost)) {
    return { outcome: 'throttled', operation: name, body: throttled(cost, on.bucket) }
  }
  const result = await execute({ schema: adminSchema, document, rootValue: on.root, variableValues: variables })
  const actual = Math.min(cost, actualCost(result.data ?? {}))
  on.bucket.giveBack(cost - actual)
  const { data, errors: failed } = result
  return {
    outcome: 'answered',
    operation: name,
    body: {
      ...(data !== undefined && { data }),
      ...(failed !== undefined && { errors: failed.map((each) => each.toJSON()) }),
      extensions: costs(cost, actual, on.bucket),
    },
  }
}

const isOperation = (node: { kind: string }): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION
const isFragment = (node: { kind: string }): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION

const costs = (requestedQueryCost: number, actualQueryCost: number | null, bucket: Bucket) => ({
  cost: { requestedQueryCost, actualQueryCost, throttleStatus: bucket.status() },
})

const throttled = (cost: number, bucket: Bucket) => ({
  errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED', documentation } }],
  extensions: costs(cost, null, bucket),
})

/** Shopify says nothing of the bucket here. */
const tooExpensive = (cost: number, maxCost: number) => ({
  errors: [
    {
      message: `Query cost is ${cost}, which exceeds the single query max cost limit (${maxCost}).`,
      extensions: { code: 'MAX_COST_EXCEEDED', cost, maxCost, documentation },
    },
  ],
})
