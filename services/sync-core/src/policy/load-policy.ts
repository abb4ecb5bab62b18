import { readFile } from 'node:fs/promises'
import { errorText, StartRefused } from '@varai/runtime'
import type { FileRemark } from '@varai/runtime/yaml'
import type { Policy } from '../pure/policy/policy.ts'
import { parsePolicy } from './parse-policy.ts'

const shippedPath = new URL('default-policy.yaml', import.meta.url)

/** The policy that comes with this release. */
export const shippedPolicy = (): Promise<Policy> => load(shippedPath.pathname, undefined)

/** The policy of a file, with the shipped rules where it has none; without a path, the shipped one. */
export async function loadPolicy(path: string | undefined): Promise<Policy> {
  const shipped = await shippedPolicy()
  return path === undefined ? shipped : load(path, shipped)
}

/** Rejects with StartRefused, whose message names every error with file and line. */
async function load(path: string, shipped: Policy | undefined): Promise<Policy> {
  const text = await readFile(path, 'utf8').catch((error: unknown) =>
    refuse([`${path} cannot be read: ${errorText(error)}`]),
  )
  const parsed = parsePolicy(text, shipped)
  const told = ({ line, text: what }: FileRemark) => `${path}:${line}: ${what}`
  return parsed.ok ? parsed.policy : refuse(parsed.errors.map(told))
}

function refuse(errors: readonly string[]): never {
  throw new StartRefused(`The policy cannot be used:\n  ${errors.join('\n  ')}`)
}
