import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type FixturePlatform = 'shopify' | 'woocommerce' | 'magento'

const besideTheRepository = fileURLToPath(new URL('../../../../shared/fixtures', import.meta.url))

/**
 * The folder of platform payloads collected from public repositories. It is not part of this repository: it lies
 * beside it, or where VARAI_FIXTURES says. Undefined where there is none.
 */
export function fixturesFolder(): string | undefined {
  const folder = process.env.VARAI_FIXTURES || besideTheRepository
  return existsSync(folder) ? folder : undefined
}

/** The exact bytes of one fixture. Throws where there are no fixtures: guard the test with `withFixtures`. */
export function readFixture(platform: FixturePlatform, file: string): Buffer {
  const folder = fixturesFolder()
  if (folder === undefined) throw new Error(`no fixtures: ${besideTheRepository} does not exist`)
  return readFileSync(join(folder, platform, file))
}

type Declare = (name: string, body: () => void | Promise<void>) => unknown

/**
 * `withFixtures(test)('name', …)`: runs where the fixtures are; elsewhere it counts as skipped and its name says why.
 * Takes `test` or `describe`.
 */
export function withFixtures(test: Declare & { readonly skip: Declare }): Declare {
  if (fixturesFolder() !== undefined) return test
  return (name, body) => test.skip(`${name} (skipped: the platform fixtures are not at hand)`, body)
}
