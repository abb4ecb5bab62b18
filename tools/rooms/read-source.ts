import { parseSync, visitorKeys } from 'oxc-parser'

export type Import = { specifier: string; typeOnly: boolean; line: number }
export type Use = { what: string; line: number }

/** What a source file imports, and the names and kinds of statement it uses; throws SyntaxError on what is no TypeScript. */
export function readSource(path: string, code: string): { imports: Import[]; uses: Use[] } {
  const { program, errors } = parseSync(path, code)
  if (errors[0] !== undefined) throw new SyntaxError(`${path}: ${errors[0].message}`)
  const imports: Import[] = []
  const uses: Use[] = []
  const visit = (node: Node, parent: Node | undefined): void => {
    const line = () => code.slice(0, node.start).split('\n').length
    const specifier = importedBy(node)
    if (specifier !== undefined) imports.push({ specifier, typeOnly: isTypeOnly(node), line: line() })
    const what = usedBy(node, parent)
    if (what !== undefined) uses.push({ what, line: line() })
    for (const key of visitorKeys[node.type] ?? []) {
      for (const child of [node[key]].flat()) if (isNode(child)) visit(child, node)
    }
  }
  visit(asNode(program), undefined)
  return { imports, uses }
}

type Node = { type: string; start: number; [key: string]: unknown }
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
function asNode(value: unknown): Node {
  if (!isNode(value)) throw new TypeError('not a syntax tree')
  return value
}

/** The text of a module name, where it is one; what is computed cannot be followed and counts as itself. */
const text = (node: unknown): string | undefined =>
  isNode(node) ? (typeof node['value'] === 'string' ? node['value'] : '(computed)') : undefined

function importedBy(node: Node): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return text(node['source'])
    case 'CallExpression':
      return nameOf(node['callee']) === 'require' ? text([node['arguments']].flat()[0]) : undefined
    default:
      return undefined
  }
}

function isTypeOnly(node: Node): boolean {
  if (node.type === 'TSImportType' || node['importKind'] === 'type' || node['exportKind'] === 'type') return true
  const specifiers = [node['specifiers']].flat().filter(isNode)
  return (
    specifiers.length > 0 && specifiers.every((one) => one['importKind'] === 'type' || one['exportKind'] === 'type')
  )
}

const statements: Readonly<Record<string, string>> = {
  IfStatement: 'if',
  SwitchStatement: 'switch',
  ForStatement: 'for',
  ForOfStatement: 'for',
  ForInStatement: 'for',
  WhileStatement: 'while',
  DoWhileStatement: 'while',
}

function usedBy(node: Node, parent: Node | undefined): string | undefined {
  const callee = nameOf(node['callee'])
  if (node.type === 'NewExpression' && callee === 'Date' && [node['arguments']].flat().length === 0) return 'new Date()'
  if (node.type === 'CallExpression' && callee === 'Date') return 'Date()'
  if (node.type === 'MemberExpression') {
    const [object, member] = [nameOf(node['object']), nameOf(node['property']) ?? text(node['property'])]
    return object !== undefined && member !== undefined ? `${object}.${member}` : undefined
  }
  if (node.type === 'Identifier') return isMereName(node, parent) ? undefined : nameOf(node)
  return statements[node.type]
}

const nameOf = (node: unknown): string | undefined =>
  isNode(node) && node.type === 'Identifier' && typeof node['name'] === 'string' ? node['name'] : undefined

/** True for the name of a member or a key, as in `order.process` and `{ process: 1 }`: that is not the global. */
function isMereName(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined || parent['computed'] === true) return false
  return (
    parent['property'] === node ||
    (parent['key'] === node && parent['value'] !== node) ||
    (parent['right'] === node && parent.type === 'TSQualifiedName')
  )
}
