import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'

type Asked = {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly variables: Readonly<Record<string, unknown>>
}

/**
 * What a query costs before it runs, by Shopify's published rules: an object costs 1, a connection 2 and its page size
 * times what one of its nodes costs, scalars nothing.
 */
export function requestedCost(operation: OperationDefinitionNode, asked: Asked): number {
  const root = asked.schema.getQueryType()
  return root == null ? 0 : costOfAll(operation.selectionSet, root, asked)
}

function costOfAll(set: SelectionSetNode, type: GraphQLNamedType, asked: Asked): number {
  return set.selections.reduce((sum, selection) => {
    switch (selection.kind) {
      case Kind.FIELD:
        return sum + costOfField(selection, type, asked)
      case Kind.INLINE_FRAGMENT: {
        const on = asked.schema.getType(selection.typeCondition?.name.value ?? '') ?? type
        return sum + costOfAll(selection.selectionSet, on, asked)
      }
      case Kind.FRAGMENT_SPREAD: {
        const fragment = asked.fragments.get(selection.name.value)
        const on = asked.schema.getType(fragment?.typeCondition.name.value ?? '') ?? type
        return sum + (fragment === undefined ? 0 : costOfAll(fragment.selectionSet, on, asked))
      }
      default:
        return selection satisfies never
    }
  }, 0)
}

function costOfField(field: FieldNode, parent: GraphQLNamedType, asked: Asked): number {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return 0
  const definition = parent.getFields()[field.name.value]
  const type = definition && getNamedType(definition.type)
  if (type === undefined || !isCompositeType(type) || field.selectionSet === undefined) return 0
  if (type.name === 'PageInfo') return 0
  const inside = costOfAll(field.selectionSet, type, asked)
  // `nodes` stands for each of them: the connection around it multiplies.
  if (parent.name.endsWith('Connection')) return 1 + inside
  const first = Number(argument(field, 'first', asked) ?? 1)
  if (type.name.endsWith('Connection')) return 2 + first * inside
  const ids = argument(field, 'ids', asked)
  return (Array.isArray(ids) ? ids.length : first) * (1 + inside)
}

function argument(field: FieldNode, name: string, asked: Asked): unknown {
  const given: ValueNode | undefined = field.arguments?.find((each) => each.name.value === name)?.value
  if (given?.kind === Kind.VARIABLE) return asked.variables[given.name.value]
  return given?.kind === Kind.INT ? Number(given.value) : undefined
}

/** What it cost in the end: the objects that there really were. */
export const actualCost = (data: object): number => Object.values(data).reduce((sum, each) => sum + objectsIn(each), 0)

function objectsIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + objectsIn(each), 0)
  if (typeof value !== 'object' || value === null) return 0
  const fields = Object.entries(value)
  const inside = fields.reduce((sum, [name, each]) => sum + (name === 'pageInfo' ? 0 : objectsIn(each)), 0)
  return inside + ('nodes' in value ? 2 : 1)
}
