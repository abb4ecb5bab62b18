import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runProgram } from './system/run-program.ts'

/** Declares the test that a list holds in its short form. A failure shows what the list printed, line by line. */
export function testShortForm(name: string, title: string): void {
  test(`${title}, in its short form`, { timeout: 600_000 }, async () => {
    const main = join(import.meta.dirname, 'main.ts')
    const { code, output } = await runProgram(process.execPath, [main, name, '--short'], {
      cwd: process.cwd(),
      env: process.env,
    })
    expect(output, `exit code ${code}, having printed:\n${output}`).toMatch(
      new RegExp(`^acceptance ${name}: (\\d+) of \\1 hold$`, 'm'),
    )
    expect(code, `it holds, and yet it ended so; it printed:\n${output}`).toBe(0)
  })
}
